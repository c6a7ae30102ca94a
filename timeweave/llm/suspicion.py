"""Text from outside that reads like an instruction to a model instead of a description of work.

A filter of known phrasings, kept narrow: `Ignore case in search` and `Write tests with care` are ordinary work.
"""

import re
import unicodedata

from timeweave.reports.formatting import sanitize

WITHHELD = "(text withheld)"
_HARD = r"(?:instruction|prompt|direction|guideline)s?"
_RULES = r"(?:instruction|prompt|rule|direction|guideline)s?"
_SAY = r"(?:say|write|state|claim|mention|include|insert|append|add|put|print|output|repeat|praise)"
_ANSWER = r"(?:answer|sentence|summar(?:y|ies))s?"
_MODEL = r"(?:ai|llm|gpt|chatgpt|claude|language\s+model|assistant|summari[sz]er)"
_THIS = r"(?:this|the)\s+(?:item|task|bug|feature|work|person|team)"
_MUST = r"(?:must|should|will|have\s+to|shall|need\s+to|has\s+to|needs\s+to)"
_BEGIN = r"(?:^|[.!?;:,]\s*|\b(?:and|then|please|kindly|now)\s+)"
_AWAY = r"(?:ignore|disregard|forget)"
_PHRASINGS = (
    # Away with the rules
    rf"\b(?:{_AWAY}|override|bypass|discard)\s+(?:\w+\s+){{0,3}}?(?:previous|prior|above|earlier|preceding|your)\b.{{0,40}}?\b{_RULES}\b",
    rf"\b{_AWAY}\s+(?:\w+\s+){{0,3}}?(?:all|any|these|system)\b.{{0,40}}?\b{_HARD}\b",
    rf"\b(?:{_AWAY}|override|bypass)\b.{{0,30}}\b{_RULES}\s+(?:above|before|so\s+far|you)\b",
    rf"\b{_AWAY}\s+(?:everything|all)\s+(?:above(?!\s+\d)|before|that|you|so\s+far|said)\b",
    rf"\b{_AWAY}\s+(?:the\s+)?above\s*(?:[.,;:!]|and\b|$)",
    rf"\b{_AWAY}\s+what(?:ever)?\s+(?:you\s+were|was|has\s+been)\s+(?:told|said|asked|instructed)\b",
    rf"\bdo(?:n['’]?t|\s+not)\s+(?:follow|obey)\s+(?:\w+\s+){{0,2}}{_RULES}\b",
    r"\bdo(?:n['’]?t|\s+not)\s+(?:mention|reveal|summari[sz]e|tell\s+(?:anyone|anybody|them|the\s+user))\b(?!.{0,60}\b(?:in|on|to|when|where|until)\b)",
    rf"\bdo(?:n['’]?t|\s+not)\s+{_SAY}\b.{{0,60}}\b(?:your|the)\s+{_ANSWER}\b",
    rf"\b(?:above|previous|prior|earlier)\s+(?:\w+\s+)?{_RULES}\s+(?:are\s+(?:now\s+)?(?:void|cancell?ed|invalid|revoked)|(?:no\s+longer|do\s+not|don['’]?t)\s+apply\s*(?:$|[.,;:!]))",
    # Another speaker
    r"(?-i:^\s*(?:SYSTEM|ASSISTANT|DEVELOPER)\s*:)",
    r"^\s*(?:system|assistant|developer|human)\s*:\s*(?:you\s+(?:are\s+(?:now|no\s+longer)|must\s+(?:now|only|always|never|say|praise|obey|answer|write))|your\s+(?:new|task|instructions)|ignore\s+(?:all|any|every|the\s+(?:above|rules)|previous|your)|disregard|forget|from\s+now|say|praise|(?:always|never)\s+(?:answer|say|write|reply|mention|respond)|(?:reply|respond|answer|output)\s+(?:with|only|in|that)\b)",
    rf"^\s*{_MODEL}\s*[:,]\s*(?:please\s+)?(?:say|output|skip|call|praise|pretend|ignore|you\s+(?:are|must)|(?:reply|respond|answer)\s+(?:with|only|in|that))\b",
    r"\bsystem\s+(?:override\b|prompt\s*[:=])",
    r"<\|[^|]{0,40}\|>|\[/?INST\]|<</?SYS>>|^\s*</?\s*(?:data|system|instructions?|prompt)\s*>|(?-i:\bEND\s+OF\s+(?:DATA|PROMPT|INPUT)\b)\W*$",
    r"^\s*#{2,}\s*(?:instruction|human|assistant)\s*:?\s*$",
    r"[\"']role[\"']\s*:\s*[\"'](?:system|assistant)\b",
    rf"\b(?:note|message|attention|hint|instructions?)\s+(?:to|for)\s+(?:the\s+|any\s+|all\s+|an\s+)?{_MODEL}s?\s*[:.,;!–-]",
    rf"^\s*(?:dear|hey|hi|hello|attention)\s*,?\s+{_MODEL}\s*[:.,;!–-]",
    rf"\bif\s+you(?:['’]re|\s+are)\s+(?:an?\s+)?(?:\w+\s+)?(?:{_MODEL}|model|bot)\b",
    r"\bthis\s+is\s+your\s+(?:developer|administrator|creator|operator)\s+speaking\b",
    r"\bnew\s+instructions?\s*(?::|follow\b)",
    r"\bnew\s+tasks?\s*:\s*(?:say|claim|praise|pretend|repeat|output|(?:write|state|mention)\s+that)\b",
    # Another role
    r"\byou\s+are\s+(?:now|no\s+longer)\s+(?:an?|the|in|my|free|bound)\b",
    r"\byou\s+will\s+now\s+(?:be\s+(?:an?|the|known|called)|act|speak|answer|write|pretend)\b|\byou\s+are\s+(?-i:[A-Z])\w*(?-i:Bot|GPT|AI)\b",
    r"\bfrom\s+now\s+on\s*,?\s*(?:you\s+(?:are|must|will|only|always|speak|answer|write)|speak|talk|answer|reply|say|respond)\b",
    rf"\byou\s+{_MUST}\s+(?:(?:now|only|always|never)\s+)+(?:say|answer|respond|reply|output|mention)\b",
    rf"\byou\s+{_MUST}\s+(?:(?:now|only|always|never)\s+)*(?:praise|obey|pretend)\b",
    rf"{_BEGIN}(?:act|pretend|behave|role-?play)\s+(?:as|like|to\s+be)\s+(?:an?|the|if|you|though)\b(?!\s+(?:\w+\s+)?(?:proxy|fallback|gateway|link|button|relay|bridge|server|client|reviewer|host|mirror|cache|wrapper|default)\b)",
    rf"\bpretend\s+(?:that\s+)?{_THIS}\b",
    # What to say
    r"\b(?:respond|reply|answer)\s+(?:only\s+|exactly\s+)?(?:with|in)\s+(?:only\s+|exactly\s+|just\s+)?(?:the\s+(?:word|phrase|sentence|following)\b|[\"'“‘«])",
    r"\b(?:say|write|repeat|output|print|append|mention)\s+(?:only\s+)?(?:the\s+)?(?:word|phrase)s?\s+(?!count|cloud|list|wrap|search|limit|boundar|break)\S",
    r"\b(?:the\s+)?(?:word|term|phrase)s?\s+(?:[\"'“‘«]|(?-i:[A-Z]{3})).{0,30}\bin\s+(?:the|your|this|every)\s+(?:summary|answer|sentence)\b(?!\s+of)",
    r"\bsay\s+[\"'“‘«]?(?-i:[A-Z]{4,})\b",
    rf"\b(?:{_SAY}|reply|respond|answer)\b.{{0,60}}\b(?:in|to|at|into|of|with)\s+(?:(?:your|every|each)\s+{_ANSWER}|your\s+(?:response|output|reply))\b",
    rf"\b(?:begin|start|open|end|finish|close|conclude)\s+(?:(?:your|every|each)\s+(?:{_ANSWER}|response|reply)\b(?!\s+(?:time|code|page|form))|the\s+{_ANSWER}\s+(?:with|by)\b)",
    rf"\b(?:{_SAY}|tell\s+\w+)\s+that\b.{{0,80}}\b(?:instead\s*(?:$|[.!])|deserves?\s+(?:a\s+|the\s+)?(?:raise|bonus|praise|promotion)|a\s+raise|a\s+bonus|promoted)\b",
    rf"\b(?:{_SAY}|tell\s+\w+)\s+that\b.{{0,80}}\b(?:raise|bonus|praise|promotion)\b.{{0,30}}\binstead\b",
    r"\btell\s+the\s+readers?\s+that\b|\bwhatever\s+you\s+(?:write|say|answer)\s*,",
    rf"\b(?:when|while|before)\s+(?:you\s+)?(?:are\s+)?summari[sz]\w*\b.{{0,60}}\b(?:{_SAY}|ignore|always|never)\b",
    rf"\bin\s+(?:your\s+(?:summary|answer|response|report)\s*,?\s*(?:always\s+|only\s+|please\s+)?{_SAY}|the\s+(?:summary|answer)\s*,?\s*(?:always\s+|only\s+|please\s+)?(?:say|claim|state|praise))\b",
    rf"\byour\s+(?:answer|summary|sentences?)\s+{_MUST}\b|\bthe\s+summary\s+{_MUST}\s+(?:only\s+|always\s+)?(?:say|state|claim)\s+that\b|\bmake\s+sure\s+(?:the|your)\s+{_ANSWER}\s+(?:says?|states?)\b",
    r"\b(?:write|say|output|compose)\b.{0,40}\binstead\s+of\s+(?:a|the|your)\s+summary\b|\binstead\s+of\s+(?:a|the|your)\s+summary\s*,?\s*(?:write|say|output|give|answer)\b",
    rf"\bsummari[sz]e\s+(?:this|it|{_THIS})\s+as\s*[:\"'“]|\breport\s+(?:it|this)\s+as\s+(?:done|finished)\b|\b(?:describe|rate|praise|portray|present)\s+(?:it|this|{_THIS})\s+(?:as\s+)?(?:done|finished|excellent|brilliant|perfect|an?\s+(?:triumph|success|masterpiece|disaster))\b",
    rf"\bcall\s+(?:this|it|{_THIS})\s+(?:an?\s+)?(?:triumph|success|masterpiece|disaster|perfect|excellent|brilliant)\b",
    r"\b(?:reveal|print|show|repeat|output|leak|tell\s+me)\s+(?:me\s+)?your\s+(?:system\s+)?(?:prompt|instructions)\b|\bwhat\s+are\s+your\s+instructions\b",
    r"\bcites\s+(?:to|as|=)\s+\S?(?-i:[IP])\d|\bcite\s+\S?(?-i:[IP])\d+\S?\s+in\s+(?:every|each|all)\b",
    rf"{_BEGIN}(?:praise|insult|flatter)\s+(?:me|us|him|her|them|everybody|everyone|all|the\s+(?:team|author)|(?-i:[A-Z])\w+)\b(?!\s+(?:wall|board|in\s+the\s+newsletter))",
    # The best known one in other languages
    r"\b(?:ignoriere|vergiss|missachte)\b.{0,60}\b(?:anweisung|regel|vorherig|bisherig)|\bvergiss\s+alles\b|\bschreibe?\s+in\s+jede[nm]\s+satz\b",
    r"\b(?:ignora|olvida|ignore|esqueça|dimentica)\b.{0,60}\b(?:instruccion|instruç|istruzion|anterior|precedent)",
    r"\bno\s+(?:sigas|hagas\s+caso)\b.{0,40}\binstruccion|\bnão\s+sigas?\b.{0,40}\binstruç|\bnon\s+seguire\b.{0,40}\bistruzion",
    r"\b(?:ignore[zr]?|oublie[zr]?|tiens\s+pas\s+compte|tenez\s+pas\s+compte)\b.{0,60}\b(?:consigne|précédent)",
    r"\b(?:negeer|vergeet)\b.{0,40}\b(?:instructie|opdracht)|\bzignoruj\b.{0,40}\b(?:instrukcj|polece)|\b(?:ignorera|glöm)\b.{0,40}\binstruktion",
    r"(?:игнорируй|забудь).{0,60}(?:инструкци|предыдущ)|не\s+(?:следуй|выполняй).{0,40}(?:инструкци|правил)",
    r"(?:忽略|无视|無視).{0,15}(?:指令|指示|提示|说明|以上|之前)|(?:指示|命令).{0,10}(?:無視|忘れ)",
)
_INSTRUCTION = re.compile("|".join(f"(?:{one})" for one in _PHRASINGS), re.IGNORECASE | re.MULTILINE | re.DOTALL)
_SPACED = re.compile(r"(?<!\w)\w(?:[ ._-]\w){4,}(?!\w)")
_JOINT = re.compile(r"(?<=\w)[_-](?=\w)")
_DISGUISE = str.maketrans("аеорсухіјѕԁαοικνρτυ01345@$", "aeopcyxijsdaoikvptuoieasas")


def is_instruction(text: str) -> bool:
    """Whether a person reading it would take the text for an attempt to steer the model."""
    lines = (sanitize.clean(unicodedata.normalize("NFKC", line)) for line in text.splitlines())
    read = "\n".join(filter(None, lines))
    return any(_INSTRUCTION.search(one) for one in (read, _undisguised(read)))


def _undisguised(text: str) -> str:
    """As it reads where letters were replaced by ones that look alike, spaced out or joined."""
    close = _SPACED.sub(lambda found: re.sub(r"[ ._-]", "", found[0]), text)
    return re.sub(r"\S*[a-zA-Z]\S*", lambda found: found[0].translate(_DISGUISE), _JOINT.sub(" ", close))
