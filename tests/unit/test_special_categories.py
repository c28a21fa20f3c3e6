"""The word lists warn of sensitive data and stay quiet at everyday complaints."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derman.lib.special_categories import categories, find
from derman.lib.special_words import WORDS
from derman.lib.turkish import upper_tr

SENSITIVE = [
    ("tr", "health", "Annem hasta, elektrik kesilince solunum cihazı duruyor."),
    ("tr", "health", "Evde diyaliz gören yakınım var."),
    ("tr", "health", "7 aylık hamileyim, doğalgaz yok."),
    ("tr", "health", "Evde yatalak hasta var, su akmıyor."),
    ("tr", "health", "Astım hastasıyım, astımım azdı."),
    ("tr", "health", "Kürtaj olmuştum"),
    ("tr", "health", "Ben engelliyim, merdiven çıkamıyorum."),
    ("tr", "religion", "Alevi olduğumuz için bize böyle davranıyorlar."),
    ("tr", "religion", "Namaz kılarken kapı çalındı."),
    ("tr", "philosophical_belief", "Ateistim diye bağırdı."),
    ("tr", "political_opinion", "CHP'ye oy verdiğim için kestiniz."),
    ("tr", "political_opinion", "Siyasi görüşüm yüzünden."),
    ("tr", "ethnic_origin", "Kürt olduğum için hizmet alamıyorum."),
    ("tr", "ethnic_origin", "Etnik kökenim soruldu."),
    ("tr", "union", "Sendikalı olduğum için taşeron beni attı."),
    ("tr", "union", "Enerji sendikasına üyeyim."),
    ("tr", "association", "Tüketici derneği üyesiyim."),
    ("tr", "sexual_life", "Eşcinsel olduğumu yüzüme vurdu."),
    ("tr", "criminal_conviction", "Eşim cezaevinde, aboneliği kapatamıyorum."),
    ("tr", "criminal_conviction", "Sabıka kaydım istendi."),
    ("tr", "biometric", "Parmak izim alındı."),
    ("tr", "genetic", "Çocuğumda genetik bir bozukluk var."),
    ("tr", "dress", "Başörtülü olduğum için beklettiler."),
    ("de", "health", "Ich bin schwanger und die Heizung ist aus."),
    ("de", "health", "Meine Mutter ist schwerbehindert."),
    ("de", "religion", "Weil ich Muslimin bin."),
    ("de", "philosophical_belief", "Ich bin Atheist."),
    ("de", "political_opinion", "Wegen meiner politischen Überzeugung."),
    ("de", "ethnic_origin", "wegen meiner Hautfarbe"),
    ("de", "union", "Ich bin Mitglied einer Gewerkschaft."),
    ("de", "sexual_life", "weil ich schwul bin"),
    ("de", "criminal_conviction", "Ich bin vorbestraft."),
    ("de", "biometric", "Man wollte meinen Fingerabdruck."),
    ("de", "genetic", "ein Gentest"),
    ("en", "health", "My daughter is diabetic and needs insulin kept cold."),
    ("en", "religion", "Because I am Muslim."),
    ("en", "philosophical_belief", "I am an atheist."),
    ("en", "political_opinion", "because of my political views"),
    ("en", "ethnic_origin", "my ethnic background"),
    ("en", "union", "I am a union member."),
    ("en", "sexual_life", "because I am gay"),
    ("en", "criminal_conviction", "I have a criminal record."),
    ("en", "biometric", "They took my fingerprints."),
    ("en", "genetic", "a genetic disorder"),
]

EVERYDAY = [
    ("tr", "Sağlık ocağının karşısındaki trafo arızalı."),
    ("tr", "Devlet Hastanesi yolunda gaz kokusu var."),
    ("tr", "Hasta hakları birimi aradı."),
    ("tr", "Merkez Camii arkası, Oruç Reis Mahallesi, Kurban Bayramı öncesi."),
    ("tr", "Ramazan Bey, İmam Hatip Lisesi yanında oturuyor."),
    ("tr", "Vakıflar Caddesi, VakıfBank şubesi önü."),
    ("tr", "Sayacım bozuk, oksijen vanası da değil, gaz vanası."),
    ("tr", "Size lazım olan belgeleri getirdim."),
    ("tr", "Roman okurken elektrik kesildi; peçete, çarşaf ve masa örtüsü ıslandı."),
    ("tr", "Asansörde hapis kaldık, para cezası yazdınız."),
    ("tr", "Abonelik hükümleri ve sözleşme hükümlerine aykırı."),
    ("tr", "Cezaevi Caddesi numara 5, türbin sesi geliyor."),
    ("tr", "Partiye davetliydik, parti malı geldi."),
    ("tr", "Gen. Müdürlük, tansiyon değil gerilim düşük."),
    ("tr", "Ameliyathane sokak, engelli rampası yapılmadı."),
    ("tr", "Arıza trafo kökenli, ırmak kenarı, irkildim."),
    ("tr", "Kulüp binasının sendika sokağındaki sayaç"),
    ("tr", "Kombinin alevi sarı yanıyor, ocağın alevi sönüyor."),
    ("tr", "Ali Kurt adına kayıtlı, kurt köpeği var; Hanefi Bey ve Caferiye Sokak."),
    ("tr", "Sayacın okumasını veremedim, çamaşırı astım, kablonun siyahı sıyrılmış."),
    ("tr", "Koruma tedbirleri alınmadı, borudan kurtulduk."),
    ("de", "Es ist schwül, die Baustelle ist eine Behinderung der Zufahrt."),
    ("de", "Herr Christ aus der evangelischen Kita hat die Nummer gewählt."),
    ("en", "My account was disabled by Christian from your office, how depressing."),
    ("de", "Die Gasleitung am Krankenhaus in der Kirchstraße ist undicht."),
    ("de", "Ich behindere niemanden; die Krebsstraße ist gesperrt, Weihnachten naht."),
    ("de", "Die Rechnung ist falsch, ich wähle die Hotline seit Tagen."),
    ("en", "The gas meter next to the hospital on Church Street is broken."),
    ("en", "The political district office has no power; the European Union flag fell."),
    ("en", "This is a sick joke, the bill is wrong."),
]


@pytest.mark.parametrize(("language", "category", "text"), SENSITIVE)
def test_sensitive_text_is_noticed(language, category, text):
    assert category in {hit.category for hit in find(text, language)}


@pytest.mark.parametrize(("language", "text"), EVERYDAY)
def test_everyday_complaints_are_left_alone(language, text):
    assert find(text, language) == []


@pytest.mark.parametrize(("language", "category", "text"), [s for s in SENSITIVE if s[0] == "tr"])
def test_capital_letters_change_nothing(language, category, text):
    places = [(hit.category, hit.start, hit.end) for hit in find(text, language)]
    assert [(h.category, h.start, h.end) for h in find(upper_tr(text), language)] == places


def test_hits_point_into_the_text_as_it_was_written():
    text = "Straße 5: anneannem   HASTA; eşim  ŞEKER HASTASI!"
    assert [text[hit.start : hit.end] for hit in find(text, "tr")] == [
        "anneannem   HASTA",
        "ŞEKER HASTASI",
    ]


def test_letters_without_their_dots_are_noticed_too():
    assert [hit.category for hit in find("basortulu ve sendikali", "tr")] == ["dress", "union"]


def test_the_categories_of_each_law():
    european = categories("de")
    assert european == categories("en") == categories("fr")
    assert categories("tr") == european | {"dress", "association"}
    assert len(categories("tr")) == 12


def test_each_language_covers_its_own_cases():
    for language in WORDS:
        assert {c for lang, c, _ in SENSITIVE if lang == language} == categories(language)


@given(st.text(), st.sampled_from(["tr", "de", "en"]))
def test_every_hit_lies_within_the_text(text, language):
    hits = find(text, language)
    assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)
    assert [hit.start for hit in hits] == sorted(hit.start for hit in hits)


@given(st.text(), st.sampled_from(SENSITIVE), st.text())
def test_words_around_do_not_hide_it(before, case, after):
    language, category, text = case
    found = {hit.category for hit in find(f"{before} . {text} . {after}", language)}
    assert category in found


def test_a_long_text_is_searched_quickly():
    assert find("sayaç bozuk " * 8_000, "tr") == []
