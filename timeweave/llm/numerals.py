"""Everything in a text that is a number: digits of any script, fractions, Roman numerals, words for numbers and dates."""

import re
import unicodedata

from timeweave.llm.words import bare

# A percentage or a sum of money is another claim than the bare number.
_DIGITS = re.compile(r"(?:[$€£¥]\s?)?\d+(?:[.,:/]\d+)*(?:\s?[%‰٪€$£¥])?")
_LETTERS = re.compile(r"[^\W\d_]+")
_ROMAN = re.compile(
    r"\b(?=[MDCLXVI]{2})M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\b|\b(?:i{2,3}|iv|vi{1,3}|ix|xi{1,3})\b"
)
_ABBREVIATIONS = frozenset("CD CI CV DC DI DIV LI MC MD MI MIX XL vi".split())
"""Roman numerals that are something else nearly always."""
# One is an article in most languages, and words that are ordinary ones in another language are left out.
_WORDS = frozenset(
    # English
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion dozen half "
    "halves third quarter fourth fifth sixth eighth ninth twelfth twentieth thirtieth fortieth fiftieth twice thrice "
    "double triple quadruple zero percent fortnight decade century "
    # German
    "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn "
    "neunzehn zwanzig dreißig dreissig vierzig fünfzig sechzig siebzig achtzig neunzig hundert tausend million millionen "
    "milliarde milliarden dutzend hälfte dritte dritten drittel viertel doppelt prozent "
    # French
    "deux trois quatre cinq sept huit neuf dix onze douze treize quatorze quinze vingt trente quarante cinquante "
    "soixante cent mille douzaine moitié zéro pourcent "
    # Spanish and Portuguese
    "dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis veinte treinta cuarenta "
    "cincuenta sesenta setenta ochenta noventa cien ciento mil docena mitad cero "
    "dois duas três quatro sete oito nove dez onze doze treze catorze quinze vinte trinta quarenta cinquenta sessenta "
    "oitenta noventa cem metade dúzia milhão milhões "
    # Italian, Dutch, Polish, Swedish, Danish and Norwegian, Russian and Ukrainian
    "tre quattro cinque sette otto dieci undici dodici tredici quindici venti trenta quaranta cinquanta cento mila mezzo metà "
    "twee drie vijf zes zeven negen tien twaalf dertien vijftien twintig dertig veertig vijftig honderd duizend helft miljoen procent "
    "dwa dwie trzy cztery pięć sześć siedem osiem dziewięć dziesięć dwanaście dwadzieścia trzydzieści sto tysiąc tysięcy połowa "
    "två fyra fem sju åtta nio tio tolv femton tjugo trettio femtio hundra tusen hälften "
    "fire seks syv sju åtte otte ni ti tolv tyve hundre hundrede "
    "два две двух три трёх трех четыре пять шесть семь восемь девять десять одиннадцать двенадцать пятнадцать двадцать "
    "тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто сто двести триста тысяча тысячи миллион "
    "половина половину дважды трижды процент процентов "
    "дві чотири шість сім вісім десять двадцять тридцять тисяча мільйон половину".split()
) - frozenset("once fire ni ti mil mila".split())
# March and May are other words too.
_DATES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february april june july august september october "
    "november december yesterday tomorrow "
    "montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz juni juli oktober dezember gestern "
    "lundi mardi mercredi jeudi vendredi samedi dimanche janvier février avril juin juillet août septembre octobre novembre "
    "décembre lunes miércoles jueves viernes sábado domingo enero febrero marzo abril junio julio agosto septiembre "
    "octubre noviembre diciembre".split()
)
_LONGEST = 40
_MANY = "|".join(sorted((word for word in _WORDS if len(word) > 2), key=lambda word: (-len(word), word)))
_COMPOUND = re.compile(
    rf"(?:(?:ein|en)?und)?(?:{_MANY})(?:(?:und|en|ën|y|e)?(?:{_MANY})){{0,5}}"
    r"(?:s|th|ths|ieth|fold|some|mal|fach|fache[nrs]?|te[nrs]?|hours?|days?|weeks?|months?|years?|percent|stunden|tage)?"
    rf"|ein(?:und)?(?:{_MANY})"
)


def numbers(text: str) -> set[str]:
    """The numbers of a text, each as it is written; `1,000` and `1000` are two, `two` is one."""
    plain = unicodedata.normalize("NFKC", text)
    # 三 and the like; 一 begins too many ordinary words.
    signs = {sign for sign in text + plain if not sign.isdigit() and unicodedata.numeric(sign, 1.0) != 1.0}
    digits = {"".join(found.split()) for found in _DIGITS.findall(plain)}
    return digits | signs | (set(_ROMAN.findall(plain)) - _ABBREVIATIONS - {""}) | _words(plain)


def _words(plain: str) -> set[str]:
    """Words for numbers, with accents that are no letters' own disregarded."""
    found = {word.casefold() for word in _LETTERS.findall(_without_marks(plain))}
    return {word for word in found if len(word) <= _LONGEST and (word in _DATES or _is_word(word))}


def _is_word(word: str) -> bool:
    return bool(_COMPOUND.fullmatch(word) or _COMPOUND.fullmatch(bare(word)))


def _without_marks(text: str) -> str:
    """What is left where marks stand on letters that no language writes so."""
    return "".join(sign for sign in text if unicodedata.category(sign) not in ("Mn", "Me"))
