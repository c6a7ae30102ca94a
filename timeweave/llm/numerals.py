"""Everything in a text that is a number: digits of any script, fractions, and the words for numbers."""

import re
import unicodedata

_DIGITS = re.compile(r"\d+(?:[.,:/]\d+)*")
_LETTERS = re.compile(r"[^\W\d_]+")
# One is an article in most languages, and words that are ordinary ones in another language are left out.
_WORDS = frozenset(
    # English
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million "
    "millions billion billions dozen dozens half third quarter fourth fifth sixth seventh eighth ninth tenth eleventh "
    "twelfth twice thrice double triple percent "
    # German
    "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn zwanzig dreißig vierzig "
    "fünfzig sechzig siebzig achtzig neunzig hundert tausend dutzend hälfte drittel viertel doppelt prozent "
    # French
    "deux trois quatre cinq sept huit neuf dix onze douze treize quatorze quinze vingt trente quarante cinquante "
    "soixante cent mille douzaine moitié "
    # Spanish and Portuguese
    "dos tres cuatro cinco seis siete ocho nueve diez doce trece catorce veinte treinta cuarenta cincuenta sesenta "
    "cien ciento docena mitad dois duas três quatro sete oito nove dez onze vinte trinta quarenta cinquenta metade dúzia "
    # Italian, Dutch, Polish, Swedish
    "tre quattro cinque sette otto dieci undici dodici venti cento mezzo metà "
    "twee drie vijf zes zeven negen tien twaalf twintig honderd duizend helft "
    "dwa dwie trzy cztery pięć sześć siedem osiem dziewięć dziesięć sto połowa "
    "två fyra fem sju åtta nio tio tolv tjugo hundra tusen hälften".split()
)


def numbers(text: str) -> set[str]:
    """The numbers of a text, each as it is written; `1,000` and `1000` are two, `two` is one."""
    plain = unicodedata.normalize("NFKC", text)
    # 三 and the like; 一 begins too many ordinary words.
    signs = {sign for sign in plain if not sign.isdigit() and unicodedata.numeric(sign, 1.0) != 1.0}
    return set(_DIGITS.findall(plain)) | signs | ({word.casefold() for word in _LETTERS.findall(plain)} & _WORDS)
