"""Text from outside that reads like an instruction to a model instead of a description of work.

A filter of known phrasings, kept narrow: `Ignore case in search` and `Write tests with care` are ordinary work.
"""

import re
import unicodedata

from timeweave.reports import plain

WITHHELD = "(text withheld)"
_RULES = r"(?:instruction|prompt|rule|direction|guideline)s?"
_SAY = r"(?:say|write|state|claim|mention|include|insert|append|add|put|print|output|repeat|praise)"
_ANSWER = r"(?:answer|sentence|summar(?:y|ies)|response|output|reply|replies)"
_MODEL = r"(?:ai|llm|gpt|chatgpt|language\s+model|model|assistant|summari[sz]er)s?"
_BEGIN = r"(?:^|[.!?;:,]\s*|\b(?:and|then|please|now)\s+)"
_PHRASINGS = (
    # Away with the rules
    rf"\b(?:ignore|disregard|forget|override|bypass|discard)\s+(?:\w+\s+){{0,3}}?(?:previous|prior|above|earlier|preceding|your|all|any|these|system)\b.{{0,40}}?\b{_RULES}\b",
    rf"\b(?:ignore|disregard|forget|override|bypass)\b.{{0,30}}\b{_RULES}\s+(?:above|before|so\s+far|you)\b",
    r"\b(?:forget|ignore|disregard)\s+(?:everything|all)\s+(?:above|before|that|you|so\s+far|said)\b",
    rf"\bdo\s+not\s+(?:follow|obey)\s+(?:\w+\s+){{0,2}}{_RULES}\b",
    r"\bdo\s+not\s+(?:mention|reveal|summari[sz]e|tell\s+(?:anyone|anybody|them|the\s+user))\b",
    r"\bjailbreak",
    # Another speaker
    r"(?-i:^\s*(?:SYSTEM|ASSISTANT|DEVELOPER)\s*:)",
    r"^\s*(?:system|assistant|developer)\s*:\s*(?:you|your|ignore|disregard|forget|override|from\s+now|always|never|say|reply|respond|answer|output|praise)\b",
    r"\bsystem\s+(?:override\b|prompt\s*[:=])",
    r"<\|[^|]{0,40}\|>|\[/?INST\]|<</?SYS>>|</?\s*(?:data|system|instructions?|prompt)\s*>|(?-i:\bEND\s+OF\s+(?:DATA|PROMPT|INPUT)\b)",
    r"^\s*#{2,}\s*(?:instructions?|system|response|human|assistant)\b",
    rf"\b(?:note|message|attention|hint|instructions?)\s+(?:to|for)\s+(?:the\s+|any\s+|all\s+|an\s+)?{_MODEL}\b",
    rf"^\s*(?:dear|hey|hello|attention,?)\s+{_MODEL}\b",
    r"\bnew\s+instructions?\s*:",
    rf"\bnew\s+tasks?\s*:\s*{_SAY}\b",
    # Another role
    r"\byou\s+are\s+(?:now|no\s+longer)\s+(?:an?|the|in|my|free|bound)\b",
    r"\byou\s+(?:must|should|will|have\s+to|shall|need\s+to)\s+(?:(?:now|only|always|never)\s+)+(?:say|write|answer|respond|reply|output|mention|include|add|act)\b",
    r"\byou\s+(?:must|should|will|have\s+to|shall|need\s+to)\s+(?:(?:now|only|always|never)\s+)*(?:praise|obey|pretend)\b",
    rf"{_BEGIN}(?:act|pretend|behave|role-?play)\s+(?:as|like|to\s+be)\s+(?:an?|the|if|you|though)\b",
    # What to say
    r"\b(?:respond|reply|answer)\s+(?:only\s+|exactly\s+)?(?:with|in)\s+(?:only\s+|exactly\s+|just\s+)?(?:the\s+(?:word|phrase|sentence|following)\b|[\"'“‘«])",
    rf"\b{_SAY}\s+(?:only\s+)?(?:the\s+)?(?:word|phrase)s?\s+(?!count|cloud|list|wrap|search)\S",
    rf"\b(?:{_SAY}|reply|respond|answer)\b.{{0,60}}\b(?:in|to|at|into|of|with)\s+(?:your|every|each)\s+{_ANSWER}\b",
    rf"\b(?:{_SAY}|tell\s+\w+)\s+that\b.{{0,80}}\b(?:instead|deserves?|the\s+best|a\s+raise|a\s+bonus|promoted|great|excellent|brilliant)\b",
    rf"\b(?:when|while|before)\s+(?:you\s+)?(?:are\s+)?summari[sz]\w*\b.{{0,60}}\b(?:{_SAY}|ignore|always|never)\b",
    rf"\bin\s+(?:your|the)\s+(?:summary|answer|response|report)\s*,?\s*(?:always\s+|only\s+|please\s+)?{_SAY}\b",
    rf"{_BEGIN}(?:praise|insult|flatter)\s+(?:me|us|him|her|them|everybody|everyone|all|the\s+(?:team|author)|(?-i:[A-Z])\w+)\b",
    # The best known one in other languages
    r"\b(?:ignoriere|vergiss|missachte)\b.{0,60}\b(?:anweisung|regel|vorherig|bisherig)",
    r"\b(?:ignora|olvida|ignore|esqueça|dimentica)\b.{0,60}\b(?:instruccion|instruç|istruzion|anterior|precedent)",
    r"\b(?:ignore[zr]?|oublie[zr]?)\b.{0,60}\b(?:consigne|précédent)",
    r"(?:игнорируй|забудь).{0,60}(?:инструкци|предыдущ)",
    r"(?:忽略|无视|無視).{0,15}(?:指令|指示|提示|说明|以上|之前)|(?:指示|命令).{0,10}(?:無視|忘れ)",
)
_INSTRUCTION = re.compile("|".join(f"(?:{one})" for one in _PHRASINGS), re.IGNORECASE | re.MULTILINE | re.DOTALL)


def is_instruction(text: str) -> bool:
    """Whether a person reading it would take the text for an attempt to steer the model."""
    lines = (plain.clean(unicodedata.normalize("NFKC", line)) for line in text.splitlines())
    return _INSTRUCTION.search("\n".join(filter(None, lines))) is not None
