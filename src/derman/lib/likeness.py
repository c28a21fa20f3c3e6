"""How alike two complaints sound, from 0 to 1. Pure; measured in `docs/repeats.md`.

Words of courtesy and grammar are left out, letters are folded, and what is left is compared twice:
as sets of words, and word by word, where the beginning counts most because Turkish puts what it
says of a thing at its end. Neither knows what a word means: "bozuk" is nothing like "arızalı".
"""

from collections.abc import Sequence

from derman.lib.turkish import fold, tokens

SAME_WORD = 0.88  # two words that are that alike are one word with other endings or a slip
MOST_WORDS = 80  # of a text; what follows adds time and little else

# What anybody writes about anything.
PLAIN = frozenset(
    fold(
        """
    ve veya ya da de ki mi ben biz siz bana bize beni bizi benim bizim sizin size bu şu o bir çok
    daha en her hiç gibi için ile ama fakat ancak oysa çünkü sonra önce kadar olarak olan oldu
    olmadı değil var yok ne nasıl neden niye kim kaç hep yine tekrar hâlâ halen artık böyle şöyle
    bile ise eğer diye göre karşı rağmen halde zaten sadece şey merhaba selam selamlar iyi günler
    kolay gelsin sayın yetkili teşekkür teşekkürler ederim rica lütfen gereğini arz saygılar
    saygılarımla sevinirim yardımcı olursanız acil dönüş bekliyorum bekliyoruz istiyorum istiyoruz
    ediyorum talep konuda arıyorum aradım yazmıştım yazıyorum defa kez gün gündür hafta haftadır ay
    saat saattir dakika iki üç dört beş on
    the a an and or but to of in on at is are was were be been it its this that i we you my our your
    me us not no with for from have has had do does did please thank thanks hello dear sir madam
    very much too still again now days day than
    der die das den dem des ein eine einer einen und oder aber ist sind war im am auf an von vom zu
    zum zur mit für nicht kein keine ich wir sie mein meine mir uns es bitte danke guten tag hallo
    sehr noch wieder seit tage
    """
    ).split()
)


def telling(text: str) -> tuple[str, ...]:
    """The words that say what a text is about, folded, each once."""
    found = dict.fromkeys(fold(token) for token in tokens(text))
    kept = [w for w in found if len(w) > 1 and w not in PLAIN and not w.isdecimal()]
    return tuple(kept[:MOST_WORDS])


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """How alike two texts are by their telling words; 0 where either has none."""
    if not one or not other:
        return 0.0
    # Heavy, and wanted only where somebody came again.
    from rapidfuzz import fuzz, process
    from rapidfuzz.distance import JaroWinkler

    as_sets = fuzz.token_set_ratio(" ".join(one), " ".join(other)) / 100
    near = process.cdist(one, other, scorer=JaroWinkler.normalized_similarity)
    near[near < SAME_WORD] = 0
    word_by_word = (near.max(axis=1).mean() + near.max(axis=0).mean()) / 2
    return round(float(as_sets + word_by_word) / 2, 3)
