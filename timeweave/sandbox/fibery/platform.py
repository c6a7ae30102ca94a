"""The types that every Fibery workspace has besides its databases."""

from timeweave.sandbox.fibery.shape import Field

PRIMITIVES = (
    "fibery/text", "fibery/int", "fibery/decimal", "fibery/bool", "fibery/date", "fibery/date-time", "fibery/date-range",
    "fibery/uuid", "fibery/rank", "fibery/email", "fibery/json-value", "fibery/location", "fibery/url", "fibery/color",
    "fibery/emoji",
)  # fmt: skip
_READONLY = {"fibery/readonly?": True}
_ID = Field("fibery/id", "fibery/uuid", lambda e, _: e.id, meta={"fibery/id?": True, **_READONLY})
_PUBLIC_ID = Field(
    "fibery/public-id", "fibery/text", lambda e, _: str(e.number), meta={"fibery/public-id?": True, **_READONLY}
)
_CREATED = Field("fibery/creation-date", "fibery/date-time", meta={"fibery/creation-date?": True, **_READONLY})
_MODIFIED = Field("fibery/modification-date", "fibery/date-time", meta={"fibery/modification-date?": True, **_READONLY})
_RANK = Field("fibery/rank", "fibery/rank", lambda e, _: e.number * 1024)

USER = (
    _ID, _PUBLIC_ID, _CREATED, _MODIFIED, _RANK,
    Field("user/name", "fibery/text", meta={"ui/title?": True}),
    Field("user/email", "fibery/email", meta={"fibery/unique?": True, **_READONLY}),
    Field("fibery/active?", "fibery/bool"), Field("fibery/admin?", "fibery/bool"),
    Field("fibery/guest?", "fibery/bool"), Field("fibery/role", "fibery/text"),
)  # fmt: skip
ENUM = (
    _ID, _PUBLIC_ID, Field("fibery/rank", "fibery/rank", lambda e, _: e.number * 1024),
    Field("enum/name", "fibery/text", meta={"ui/title?": True}), Field("enum/color", "fibery/color"),
    Field("enum/icon", "fibery/emoji"),
)  # fmt: skip
STATE = (*ENUM, Field("workflow/Final", "fibery/bool"),
         Field("workflow/Type", "fibery/text", meta={"fibery/default-value": "Unknown"}))  # fmt: skip
COMPONENTS: dict[str, tuple[Field, ...]] = {
    "comments/comment": (
        _ID, _PUBLIC_ID, _CREATED, Field("fibery/created-by", "fibery/user", meta=_READONLY),
        Field("comment/author", "fibery/user"),
        Field("comment/document-secret", "fibery/text", meta={"fibery/required?": True}),
        Field("comments/parent", "comments/comment"),
    ),
    "Collaboration~Documents/Document": (
        _ID, Field("Collaboration~Documents/secret", "fibery/text", meta={"ui/title?": True}),
        Field("Collaboration~Documents/modification-date", "fibery/date-time"),
        Field("Collaboration~Documents/Snippet", "fibery/text"),
    ),
    "Collaboration~Documents/Reference": (_ID, _PUBLIC_ID),
    "fibery/file": (
        _ID, Field("fibery/name", "fibery/text", meta={"ui/title?": True}), Field("fibery/secret", "fibery/text"),
        Field("fibery/content-type", "fibery/text"), Field("fibery/content-length", "fibery/int"),
    ),
    "fibery/app": (
        _ID, Field("fibery/name", "fibery/text", meta={"ui/title?": True}), Field("fibery/namespace", "fibery/text"),
        Field("fibery/title", "fibery/text"),
    ),
}  # fmt: skip
