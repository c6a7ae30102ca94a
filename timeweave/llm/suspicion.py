"""Text from outside that reads like an instruction to a model instead of a description of work."""

import re

WITHHELD = "(text withheld)"
_INSTRUCTION = re.compile(
    r"""\b(ignore|disregard|forget|override|bypass)\b.{0,60}\b(instruction|prompt|rule|above|previous|prior|everything|said)
    | \b(system|developer)\s+(prompt|message|instruction) | ^\s*(system|assistant|user)\s*: | <\|.{0,40}\|> | \[/?inst\]
    | \bend\s+of\s+data\b | </?\s*data\s*> | \bnew\s+(task|instruction|order)s?\s*:
    | \byou\s+(are|must|should|will|have\s+to)\s+(now|only|always|never|say|write|answer|respond|praise)
    | \b(respond|reply|answer|output|print|say|write|repeat|append|include|insert)\b.{0,80}\b(only|exactly|with|the\s+word|
      the\s+phrase|the\s+link|the\s+following|this\s+link|instead)\b
    | \b(praise|insult|recommend|promote|fire)\b.{0,30}\b(me|him|her|them|everybody|everyone|bob|the\s+author|team)\b
    | \b(act|pretend|behave)\s+as\b | \bjailbreak\b | \bdo\s+not\s+(mention|tell|follow|reveal|summari[sz]e)\b
    | \b(ignoriere|vergiss)\b.{0,60}\b(anweisung|regel|vorherig) | \b(ignora|olvida)\b.{0,60}\b(instruccion|anterior)
    | \b(ignore[zr]?|oublie[zr]?)\b.{0,60}\b(instruction|consigne|précédent)
    | (игнорируй|забудь).{0,60}(инструкци|предыдущ)""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE | re.DOTALL,
)


def is_instruction(text: str) -> bool:
    """Whether a person reading it would take the text for an attempt to steer the model."""
    return _INSTRUCTION.search(text) is not None
