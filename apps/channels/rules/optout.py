"""What an inbound text asks for, before a person reads it: stop, start, help, or a human eye.

The classifier may only add suppressions. Where words of refusal stand in a sentence that is no
refusal ("Can you stop by Friday?"), it answers UNCLEAR: follow-up pauses and a person reads it.
The words that revoke by themselves are those of 47 CFR 64.1200(a)(10).
"""

import re
import unicodedata

from apps.channels.types import Intent


def _word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Alone, or among courtesies only, each of these revokes.
_REVOKING = _word_set(
    "stop stopall quit end revoke optout cancel unsubscribe unsubcribe remove alto basta"
)
_COURTESY = _word_set(
    "please pls plz thanks thank you now ok okay sir mam maam hey hi no nope all it this that"
    " asap immediately already i said just me us the a texts text"
)
_POLITE = _word_set("please pls plz")
_STARTING = _word_set("start unstop")
_HELPING = _word_set("help info")

_CONTACT = r"(?:call|text|txt|message|msg|e-?mail|mail|contact|write|bother|phone|ring|harass)"
_CONTACTING = (
    r"(?:calling|texting|txting|messaging|e-?mailing|mailing|contacting|writing|bothering|phoning"
    r"|harassing|spamming|reaching out|blowing up|hitting me up)"
)
_NOTICES = (
    r"(?:texts?|messages?|msgs?|calls?|e-?mails?|mail|letters?|contact|communications?"
    r"|voicemails?|spam)"
)
_NEVER = r"(?:do not|don'?t|never|no longer)"
_WHOM = r"(?:me|us|this number|this phone|my (?:phone|number|cell|wife|husband|mom|dad)|here)"

_OPT_OUT = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:stop|quit|cease)(?: all| with| the| these| with the)* {_CONTACTING}",
        rf"\b(?:stop|quit|cease|end)(?: all| with| the| these| your| any)+ {_NOTICES}\b",
        r"\b(?:stop|quit) sending(?: me| us)?(?: any| these| this| the| more| all| your)*"
        rf" (?:{_NOTICES}|stuff|things?|anything|it|this|these)\b",
        r"\b(?:stop|quit) sending(?: me| us)?$",
        rf"\b{_NEVER} (?:ever |please |even )?{_CONTACT}(?: or {_CONTACT})* {_WHOM}\b",
        rf"\b{_NEVER} (?:ever |please )?{_CONTACT}(?: or {_CONTACT})* ?(?:again|any ?more|$)",
        rf"\b{_NEVER} (?:ever |please )?reach out(?: to {_WHOM})?(?: again| any ?more|$)",
        rf"\b{_NEVER} (?:ever )?send (?:me|us) (?:any|more|another|{_NOTICES})",
        rf"\bno (?:more|further|additional) {_NOTICES}\b",
        r"\b(?:take|remove|delete|drop|strike|scratch|get) (?:me|us|my name|my number|this number"
        r"|my info\w*|my contact\w*)(?: and my \w+)?(?: (?:off|from|out of)\b|$|[ ]*please$"
        r"|[ ]*thanks$)",
        r"\b(?:lose|delete|forget|block) (?:my|this) (?:phone )?number\b",
        r"\bopt(?:ing|ed)?[ -]?(?:me|us)?[ -]?out\b",
        r"\bunsubscri(?:be|bing) (?:me|us|from|please|now)\b|\b(?:to|please) unsubscribe\b",
        r"\b(?:want|wish|like|asked|need) to be (?:removed|taken off|left alone|unsubscribed)\b",
        r"\bleave (?:me|us|my family) (?:the \w+ )?alone\b",
        r"\b(?:revoke|withdraw)\b.{0,12}\bconsent\b|\bcease and desist\b",
        r"\b(?:do not|don'?t|never|did not|didn'?t) consent to\b",
        r"\b(?:do not|don'?t) want (?:any |your |these |more |to (?:get|receive) )+"
        rf"(?:any |more |your |these )*{_NOTICES}\b",
        r"\b(?:fuck|f|piss|buzz|screw|eff) off\b|^go away\b",
        r"\bno (?:me )?(?:llame|escriba|contacte|mande|texte)\w*|\bno mas (?:mensajes|llamadas)\b"
        r"|\bquite(?:me|n me| me)\b.{0,8}\blista\b",
    )
)
# The same verbs in a sentence that is about something else: a person decides.
_NOT_A_REFUSAL = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:if|unless|why|when|did|have|has|hope|until|because|cuz|since|thought|sorry)\b[^.!;]*"
        rf"\b(?:stop|quit|{_NEVER}) ?(?:{_CONTACTING}|{_CONTACT}|reach out)",
        rf"\b{_NEVER} {_CONTACT}\b[^.!;]{{0,20}}[,;.] *(?:please |just |you can |but )*"
        rf"{_CONTACT}\b",
        rf"\b{_NEVER} {_CONTACT}\b[^.!;]{{0,20}}\b(?:just|rather|instead|prefer) *{_CONTACT}",
        r"\b(?:from|off|out of) (?:the |my |his |her |our |this |that )*(?:\w+ )?(?:title|deed"
        r"|mortgage|loan|lien|will|estate|contract|lease|insurance|house|home|property)\b",
        r"\b(?:can'?t|cannot|won'?t|not|never|did ?n'?t|how do i|should i) "
        r"(?:\w+ )?opt(?:ing|ed)?[ -]?out",
        rf"\b(?:i|we|they|he|she) {_NEVER} {_CONTACT}\b",
    )
)
_WRONG_NUMBER = re.compile(
    r"\bwrong (?:number|person|guy|man|lady|woman|phone|#|contact|house|owner)"
    r"|\bno ?(?:body|one|-one) (?:here )?(?:by|with) that name\b|\bgot the wrong\b"
)
_WORTH_A_LOOK = re.compile(
    r"\b(?:stop\w*|quit\w*|end|revok\w+|cancel\w*|unsub\w+|opt(?:ing|ed)?[ -]?out|remov\w+|delete"
    r"|do not|don'?t|never|leave|cease|lawyer|attorney|harass\w*|sue|suing|report\w*|illegal|spam"
    r"|police|passed away|died|deceased|funeral|bankruptcy|alone|tcpa|fcc|list)\b"
)
_SENTENCES = re.compile(r"[.!;,\n]+|\s[-\u2013\u2014]+\s|(?<=\?)")
_WORDS = re.compile(r"[a-z0-9#]+(?:'[a-z]+)?")


def classify(text: str) -> Intent:
    """The intent of one inbound message; a refusal wins over everything else in the text."""
    plain = _plain(text)
    words = _words(plain)
    if _is_only(words, _REVOKING) or _refuses(plain):
        return Intent.STOP
    if _is_only(words, _STARTING, _POLITE):
        return Intent.START
    if _is_only(words, _HELPING, _POLITE):
        return Intent.HELP
    if _WRONG_NUMBER.search(plain):
        return Intent.WRONG_NUMBER
    return Intent.UNCLEAR if _WORTH_A_LOOK.search(plain) else Intent.NONE


def _refuses(plain: str) -> bool:
    sentences = [part.strip() for part in _SENTENCES.split(plain) if part.strip()]
    for sentence in sentences:
        if not sentence.endswith("?") and _is_only(_words(sentence), _REVOKING):
            return True
    if any(pattern.search(plain) for pattern in _NOT_A_REFUSAL):
        return False
    return any(pattern.search(part) for pattern in _OPT_OUT for part in [plain, *sentences])


def _is_only(
    words: list[str], wanted: frozenset[str], courtesy: frozenset[str] = _COURTESY
) -> bool:
    return any(word in wanted for word in words) and all(
        word in wanted or word in courtesy for word in words
    )


def _words(plain: str) -> list[str]:
    """Words, with the two-word spellings of the revoking words joined."""
    joined = re.sub(r"\b(?:opt[ -]+out|optout)\b", "optout", plain)
    joined = re.sub(r"\bstop[ -]+all\b", "stopall", joined)
    return _WORDS.findall(joined)


def _plain(text: str) -> str:
    """Lower case, plain quotes, no accents, single spaces, at most 2,000 characters."""
    folded = unicodedata.normalize("NFKD", text[:2000].replace("\u2019", "'").lower())
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    lines = (" ".join(line.split()) for line in bare.splitlines())
    return "\n".join(line for line in lines if line).strip(" \"'.!")
