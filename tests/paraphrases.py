"""What people say about the same matter in other words: made up for measuring, seed fixed.

A pair is two complaints and whether they are one matter of the same people. The sentences were
written before the scorer was tuned, and the matters in `HELD_OUT` were not looked at while it was.
They are our own inventions: how well they stand for what people really write, nobody knows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from derman.lib.turkish import fold

SEED = 20260302
PAIRS = 2_000


@dataclass(frozen=True)
class Matter:
    """One thing that goes wrong: the topics that staff may file it under, and how it is told."""

    topics: tuple[str, str]  # the one that fits best, and a neighbour that is chosen at times
    ways: tuple[str, ...]
    more: tuple[str, ...]


MATTERS = (
    Matter(
        ("billing.high", "metering.reading"),
        (
            "Bu ay gelen doğalgaz faturam her zamankinin {n} katı, böyle bir tüketimim olamaz",
            "Faturam çok yüksek geldi, geçen yıl aynı ay bunun yarısını ödemiştim",
            "Gaz faturasındaki tutar anormal derecede fazla, tüketimimiz değişmedi",
            "Son faturada yazan bedel çok yüksek, bu kadar gaz kullanmadık",
            "Fatura tutarı beni şoke etti, normalde ödediğimden kat kat fazla gaz parası çıkmış",
            "{n} kişilik evde bu kadar yüksek fatura gelmesi mümkün değil, tüketim yanlış",
        ),
        (
            "Faturanın incelenip düzeltilmesini istiyorum",
            "Evde gündüz kimse yok, kombi kısıkta çalışıyor",
            "Bu tutarı ödemek istemiyorum, itiraz ediyorum",
        ),
    ),
    Matter(
        ("supply.no_gas", "emergency.pressure"),
        (
            "Dün akşamdan beri evimizde gaz yok, kombi yanmıyor",
            "Gazımız kesik, ocak da kombi de çalışmıyor",
            "Doğalgaz gelmiyor, {n} saattir ısınamıyoruz",
            "Binada gaz kesintisi var, hiçbir daireye gaz verilmiyor",
            "Sabah uyandığımızda gaz kesilmişti, hâlâ açılmadı",
            "Kombi arıza veriyor çünkü gaz gelmiyor, kesinti ne zaman bitecek",
        ),
        (
            "Evde küçük çocuk var, üşüyoruz",
            "Ne zaman verileceği söylenmiyor",
            "Komşularda da gaz olmadığını öğrendik",
        ),
    ),
    Matter(
        ("metering.reading", "billing.high"),
        (
            "Sayacım okunmadan tahmini endeks yazılmış, gerçek endeks çok daha düşük",
            "Görevli sayacı yanlış okumuş, sayaçtaki değer faturadaki endeksle tutmuyor",
            "Faturadaki son endeks sayacımda görünenden {n} yüz fazla",
            "Sayaç okuma hatası var, endeks yanlış girilmiş",
            "Endeks okuması hatalı yapılmış, sayacın fotoğrafını çektim",
            "Sayaç okunurken rakam yanlış alınmış, düzeltilmesi gerekiyor",
        ),
        (
            "Sayacın güncel fotoğrafı bende mevcut",
            "Okuma günü evdeydik, kapıya kimse gelmedi",
            "Yeniden okunmasını talep ediyorum",
        ),
    ),
    Matter(
        ("staff.behaviour", "other.service"),
        (
            "Eve gelen görevli bize karşı çok kaba davrandı, bağırdı",
            "Personeliniz saygısızca konuştu ve kapıyı çarpıp gitti",
            "Gelen ekipteki çalışanın üslubu çok çirkindi, azarlar gibi konuştu",
            "Görevlinin tavrından şikayetçiyim, kaba ve saygısız bir üslup kullandı",
            "Kapıya gelen memur annemi azarladı, bu davranış kabul edilemez",
            "Çalışanınızın kaba davranışı hakkında işlem yapılmasını istiyorum",
        ),
        (
            "Görevlinin adını söylemedi",
            "Olay saat {n} sularında oldu",
            "Özür bekliyorum",
        ),
    ),
    Matter(
        ("works.road", "works.damage"),
        (
            "Gaz borusu için kazılan sokak asfaltlanmadı, çukur öylece duruyor",
            "Yol kazısından sonra üst kaplama yapılmadı, sokak çamur içinde",
            "Altyapı çalışması bitti ama yolumuz bozuk bırakıldı",
            "Kazı yapılan yer kapatılmadı, arabalar çukura düşüyor",
            "Sokağımızda boru döşendi, asfalt {n} haftadır eski haline getirilmedi",
            "Kazılan yolun asfaltı yapılmadan ekip çekip gitti",
        ),
        (
            "Yağmurda geçilemiyor",
            "Bir araç lastiğini patlattı",
            "Çocuklar düşebilir, tehlikeli",
        ),
    ),
    Matter(
        ("billing.payment", "billing.debt"),
        (
            "Ödediğim fatura sistemde ödenmemiş görünüyor",
            "Faturayı bankadan yatırdım ama borç hâlâ açık duruyor",
            "Ödemem hesaba geçmemiş, borçlu gözüküyorum",
            "{n} gün önce yaptığım ödeme kayıtlarınıza yansımadı",
            "İnternet bankacılığıyla ödedim, dekont elimde, sistem borç gösteriyor",
            "Ödeme yaptığım halde ihtar geldi, ödemem görünmüyormuş",
        ),
        (
            "Dekontu gönderebilirim",
            "Otomatik ödeme talimatım da var",
            "Gecikme faizi eklenmesin",
        ),
    ),
    Matter(
        ("power.outage", "power.voltage"),
        (
            "Mahallemizde elektrik sürekli kesiliyor, bu hafta {n} kez gitti",
            "Elektrikler durmadan gidip geliyor, kesintilerden bıktık",
            "Haber verilmeden elektrik kesintisi yapılıyor, her gün aynı",
            "Günde birkaç defa elektriğimiz kesiliyor",
            "Sık sık yaşanan elektrik kesintileri yüzünden çalışamıyorum",
            "Yine kesinti oldu, elektriğimiz saatlerce gelmedi",
        ),
        (
            "Buzdolabındaki yiyecekler bozuldu",
            "Evden çalışıyorum, mağdur oluyorum",
            "Planlı bakım olduğu da duyurulmadı",
        ),
    ),
    Matter(
        ("power.damage", "power.voltage"),
        (
            "Ani gerilim yükselmesiyle televizyonumuz yandı, zararımın karşılanmasını istiyorum",
            "Voltaj dalgalanması yüzünden buzdolabı bozuldu",
            "Yüksek gerilim geldi, evdeki {n} cihaz zarar gördü",
            "Elektrik gelince cihazlarım yandı, tazminat talep ediyorum",
            "Gerilim dalgalanması cihazlarımı yaktı, hasarın ödenmesini bekliyorum",
            "Voltaj düzensiz, kombinin kartı yandı, zararı kim ödeyecek",
        ),
        (
            "Servis raporu elimde",
            "Tamir ücreti çok yüksek tuttu",
            "Komşunun cihazları da hasarlandı",
        ),
    ),
    Matter(
        ("street.light", "power.outage"),
        (
            "Sokağımızdaki aydınlatma lambası {n} gündür yanmıyor",
            "Sokak lambaları çalışmıyor, geceleri zifiri karanlık",
            "Evimin önündeki direğin lambası sönük",
            "Aydınlatma direğindeki ampul patlak, sokak karanlıkta kalıyor",
            "Park yanındaki sokak lambası arızalı, yanıp sönüyor",
            "Sokak aydınlatması bozuk, akşamları yürümeye korkuyoruz",
        ),
        (
            "Hırsızlık olur diye endişeliyiz",
            "Direğin numarası silinmiş",
            "Daha önce de arızalanmıştı",
        ),
    ),
    Matter(
        ("net.slow", "net.outage"),
        (
            "İnternetim çok yavaş, paketimde yazan hızın onda birini alamıyorum",
            "Bağlantı hızı akşamları sürünüyor, video açılmıyor",
            "Fiber internet aldım ama hız {n} megabiti geçmiyor",
            "İnternet hızı taahhüt edilenin çok altında",
            "Modem yanında bile hız testi düşük çıkıyor, internet yavaş",
            "Haftalardır internetin hızı düşük, sayfalar açılmıyor",
        ),
        (
            "Modemi defalarca kapatıp açtım",
            "Hız testi ekran görüntüleri var",
            "Çocukların dersleri aksıyor",
        ),
    ),
    Matter(
        ("net.outage", "net.slow"),
        (
            "İnternetim {n} gündür hiç yok, modemin ışığı kırmızı yanıyor",
            "İnternet bağlantısı tamamen koptu, modemde ışık yanmıyor",
            "Modem bağlanmıyor, internete hiç giremiyoruz",
            "Ev internetimiz kesik, arıza kaydı açılmasını istiyorum",
            "Bağlantı yok, modem ışıkları kırmızı, internet gelmiyor",
            "Pazardan beri internet kesintisi yaşıyoruz, modem bağlantı kuramıyor",
        ),
        (
            "Teknik ekip gönderin",
            "Evden çalıştığım için işim durdu",
            "Kabloları kontrol ettim, sorun bizde değil",
        ),
    ),
    Matter(
        ("contract.cancel", "contract.commitment"),
        (
            "Aboneliğimi iptal ettirmek istiyorum ama iptal işlemi bir türlü yapılmıyor",
            "İptal dilekçesi verdim, hattım hâlâ kapatılmadı ve fatura gelmeye devam ediyor",
            "{n} haftadır iptal talebim sonuçlanmadı",
            "Hattımın iptali için başvurdum, abonelik hâlâ aktif",
            "Aboneliğin sonlandırılması talebim işleme alınmadı",
            "İptal başvurum kaybolmuş, hattı kapatmıyorsunuz",
        ),
        (
            "Dilekçeyi bayiye elden verdim",
            "İptalden sonraki faturaları ödemem",
            "Taahhüdüm çoktan bitti",
        ),
    ),
    Matter(
        ("contract.commitment", "billing.high"),
        (
            "Taahhüt bitmeden ayrıldığım için haksız cayma bedeli yansıtılmış",
            "Cayma bedeli faturaya eklenmiş, taşındığım için ayrılmıştım",
            "Benden {n} yüz lira cayma cezası isteniyor, bunu kabul etmiyorum",
            "Sözleşmeden çıkarken cayma bedeli alınmayacağı söylenmişti ama faturada var",
            "Taahhüdü bozma cezası yazılmış, yeni adreste altyapı yoktu",
            "Cayma bedelinin silinmesini talep ediyorum",
        ),
        (
            "Görüşme kaydı dinlenebilir",
            "Yeni evde hizmet verilemiyor",
            "Tüketici hakem heyetine gideceğim",
        ),
    ),
    Matter(
        ("delivery.late", "delivery.courier"),
        (
            "Siparişim {n} gündür teslim edilmedi, kargo takibinde hareket yok",
            "Kargom gecikti, hâlâ elime ulaşmadı",
            "Sipariş ettiğim ürün söz verilen tarihte gelmedi",
            "Teslimat tarihi geçti, paket ortada yok",
            "Kargo şubede bekliyor, siparişim dağıtıma çıkmıyor",
            "Siparişin teslimi sürekli erteleniyor, ürün gelmedi",
        ),
        (
            "Hediye olarak almıştım, günü geçti",
            "Para iadesi de düşünebilirim",
            "Kargo firması telefona çıkmıyor",
        ),
    ),
    Matter(
        ("product.broken", "product.return"),
        (
            "Aldığım ürün kutudan kırık çıktı",
            "Gelen çamaşır makinesi hasarlı, kapağı kırık",
            "Ürünün ekranı çatlak geldi, değişim istiyorum",
            "Paketi açtığımda ürün hasarlıydı, {n} yerinden çatlamış",
            "Teslim edilen ürün kırık ve kullanılamaz durumda",
            "Hasarlı ürün gönderilmiş, yenisiyle değiştirilsin",
        ),
        (
            "Fotoğraflarını ekledim",
            "Kurye tutanak tutmadı",
            "Kutuda da ezik vardı",
        ),
    ),
    Matter(
        ("product.return", "billing.refund"),
        (
            "İade ettiğim ürünün parası {n} haftadır yatmadı",
            "Ürünü geri gönderdim, iade tutarı kartıma geçmedi",
            "İadem onaylandı ama para hesabıma gelmedi",
            "Geri yolladığım siparişin ücreti hâlâ ödenmedi",
            "İade bedelini alamıyorum, ürün deponuza ulaşmış görünüyor",
            "Para iadesi yapılmadı, iade kargosu teslim edildi",
        ),
        (
            "Banka hareketlerini kontrol ettim",
            "İade kodunu saklıyorum",
            "Kredi kartı ekstresinde de görünmüyor",
        ),
    ),
    Matter(
        ("moving.opening", "contract.transfer"),
        (
            "Yeni taşındığım eve gaz açma randevusu verilmiyor",
            "Gaz açtırmak için başvurdum, {n} gündür gelen olmadı",
            "Randevu gününde gaz açma ekibi gelmedi",
            "Sözleşme yaptım ama gazım açılmadı, bekliyoruz",
            "Gaz açma işlemi için söz verilen gün kimse uğramadı",
            "Abonelik sonrası gazın açılması gecikiyor, randevum iptal edilmiş",
        ),
        (
            "İşten izin alıp bekledim",
            "Tesisat projesi onaylı",
            "Evde soğukta oturuyoruz",
        ),
    ),
    Matter(
        ("metering.change", "metering.reading"),
        (
            "Sayacım değiştirilirken bana haber verilmedi, eski sayaç götürüldü",
            "Sayaç değişimi bilgim dışında yapılmış, tutanak bırakılmamış",
            "Eski sayaç sökülmüş, yenisi takılmış, bize sorulmadı",
            "Haberimiz olmadan sayacı söküp yenisini taktılar",
            "{n} gün önce sayaç değişmiş, tutanağın bir kopyası verilmedi",
            "Sayaç değişiminden sonra tutanak istedim, vermediler",
        ),
        (
            "Eski sayacın son değerini bilmiyorum",
            "Kapıda not bile yoktu",
            "Kilitli dolabı açmışlar",
        ),
    ),
    Matter(
        ("call.waiting", "other.service"),
        (
            "Çağrı merkezinde {n} dakika bekletildim, sonra hat düştü",
            "Müşteri hizmetlerine bağlanamıyorum, sürekli bekletiliyorum",
            "Telefonda yarım saat müzik dinledim, temsilciye ulaşamadım",
            "Çağrı merkezini arıyorum, sırada bekletip kapatıyorlar",
            "Müşteri temsilcisine bağlanmak imkânsız, hep bekletme",
            "Kaç kez aradım, bekletildikten sonra telefon kapandı",
        ),
        (
            "Tuşlama menüsü de çok karışık",
            "Geri aranacağım söylendi, aranmadım",
            "Ücretli hattan bekletmek ayıp",
        ),
    ),
    Matter(
        ("billing.debt", "supply.no_gas"),
        (
            "Borcum olmadığı halde gazım borçtan kesildi",
            "Gazımı borç yüzünden kapatmışsınız, oysa bütün faturalar ödendi",
            "Ödenmiş fatura için gaz kesme yapılmış",
            "Kapama ekibi gelip borç var diye gazı mühürledi, borcum yok",
            "Yanlışlıkla borçlu sayılıp gazım kesildi, açma bedeli de isteniyor",
            "Borçtan dolayı kesme işlemi yapılmış, {n} fatura da ödenmişti",
        ),
        (
            "Açma kapama bedelini ödemem",
            "Dekontlar elimde",
            "Bebek var, acil açılsın",
        ),
    ),
    Matter(
        ("billing.estimate", "billing.high"),
        (
            "My last bill is far too high, we used much less than that",
            "The amount on my bill is {n} times what I normally pay",
            "I was charged far too much on the latest invoice for our usage",
            "The bill for this month is much higher than our real usage",
            "Our bill doubled although the usage at home did not change",
            "This bill cannot be right, the amount is much too high",
        ),
        (
            "Please check the reading",
            "I will not pay this amount",
            "We were on holiday for half of it",
        ),
    ),
    Matter(
        ("app.login", "app.other"),
        (
            "I cannot sign in to the app, the code by text message never arrives",
            "Login to your app fails, I do not receive the code",
            "The app keeps asking for a code that is never sent to my phone",
            "No text message with the login code comes, so I am locked out of the app",
            "The sign in code does not reach me, the app is useless for {n} days now",
            "Waiting for the code to log in to the app, nothing arrives",
        ),
        (
            "My number has not changed",
            "I installed it again twice",
            "Other text messages do arrive",
        ),
    ),
    Matter(
        ("meter.access", "metering.change"),
        (
            "Der Zähler wurde falsch abgelesen, der Stand auf der Rechnung stimmt nicht",
            "Auf der Rechnung steht ein Zählerstand, der viel höher ist als am Zähler",
            "Der abgelesene Stand ist falsch, mein Zähler zeigt {n} hundert weniger",
            "Beim Ablesen des Zählers ist ein Fehler passiert",
            "Der Zählerstand in der Rechnung ist nicht der meines Zählers",
            "Mein Zähler wurde nicht richtig abgelesen, bitte prüfen Sie den Stand",
        ),
        (
            "Ein Foto habe ich gemacht",
            "Niemand war bei uns im Haus",
            "Ich bitte um eine neue Rechnung",
        ),
    ),
    Matter(
        ("heating.leak", "emergency.pressure"),
        (
            "Servis kutusunun oradan su sızıyor, kaldırım hep ıslak",
            "Kaldırımdaki vana kutusundan {n} gündür su geliyor",
            "Apartmanın önündeki kutudan su kaçağı var",
            "Boru sızdırıyor, kaldırım sular altında kaldı",
            "Su kaçağı nedeniyle bina önü göl oldu, vana kutusu sızdırıyor",
            "Vananın olduğu yerden su sızmaya devam ediyor",
        ),
        (
            "Bodrumu da su bastı",
            "Kışın buz tutuyor",
            "Gelen olmadı",
        ),
    ),
)
HELD_OUT = frozenset(range(0, len(MATTERS), 3))

OPENINGS = (
    "",
    "",
    "Merhaba",
    "İyi günler",
    "Sayın yetkili",
    "Selamlar, size daha önce de yazmıştım",
    "Kolay gelsin",
)
ENDINGS = (
    "",
    "",
    "Gereğini rica ederim",
    "Yardımcı olursanız sevinirim",
    "Acil dönüş bekliyorum",
    "Bu konuda tekrar arıyorum",
    "Teşekkürler",
)


@dataclass(frozen=True)
class Pair:
    """Two complaints, what is alike in them, and whether they are one matter of the same people."""

    earlier: str
    later: str
    same_people: bool
    same_topic: bool
    is_repeat: bool
    is_held_out: bool


def pairs(number: int = PAIRS, seed: int = SEED) -> Iterator[Pair]:
    """In turn: the same matter under the same topic, under another one, another matter of the
    same person, and the same matter of somebody else."""
    random = Random(seed)
    for index in range(number):
        held_out = bool(index // 4 % 3 == 0)
        matters = [m for i, m in enumerate(MATTERS) if (i in HELD_OUT) is held_out]
        matter = random.choice(matters)
        kind = index % 4
        if kind == 2:
            other = _other(matter, matters, random)
            yield _pair(matter, other, True, False, False, held_out, random)
        else:
            yield _pair(matter, matter, kind != 3, kind != 3, kind != 1, held_out, random)


def _other(matter: Matter, matters: list[Matter], random: Random) -> Matter:
    """Another matter; half of the time one that lies near, so that words are shared."""
    others = [one for one in matters if one is not matter]
    mains = {topic.split(".")[0] for topic in matter.topics}
    near = [one for one in others if {t.split(".")[0] for t in one.topics} & mains]
    return random.choice(near if near and random.random() < 0.5 else others)


def _pair(
    one: Matter,
    other: Matter,
    same_people: bool,
    is_repeat: bool,
    same_topic: bool,
    held_out: bool,
    random: Random,
) -> Pair:
    earlier, later = random.sample(one.ways, 2) if one is other else (
        random.choice(one.ways), random.choice(other.ways)
    )  # fmt: skip
    return Pair(
        _told(earlier, one, random),
        _told(later, other, random),
        same_people,
        same_topic,
        is_repeat,
        held_out,
    )


def _told(way: str, matter: Matter, random: Random) -> str:
    """One way to say it, as somebody types it."""
    said = way.format(n=random.choice(["iki", "üç", "beş", "2", "3", "5", "10"]))
    parts = [random.choice(OPENINGS), said, random.choice(["", *matter.more])]
    text = ". ".join(part for part in [*parts, random.choice(ENDINGS)] if part)
    if random.random() < 0.4:
        text = _without_dots(text)
    if random.random() < 0.6:
        text = _with_slips(text, random)
    if random.random() < 0.1:
        text = text.upper()
    return text


def _without_dots(text: str) -> str:
    """As from a keyboard without Turkish letters."""
    return ". ".join(fold(part) for part in text.split(". "))


def _with_slips(text: str, random: Random) -> str:
    """A few letters left out, doubled or exchanged."""
    letters = list(text)
    for _ in range(max(1, len(letters) // 40)):
        place = random.randrange(1, len(letters) - 1)
        slip = random.choice(["drop", "double", "swap"])
        if slip == "drop":
            letters[place] = ""
        elif slip == "double":
            letters[place] *= 2
        else:
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
    return "".join(letters)
