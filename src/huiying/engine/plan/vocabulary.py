"""The words that a plan may use for roles, outlets, means, stages, forms and phases."""

#: Roles that people hold at the desk.
ROLES = ("head", "deputy", "office", "duty", "handler", "reviewer", "spokesperson", "auditor", "admin")
#: Those of them that assess a matter and propose its level.
PROPOSERS = ("office", "duty")
#: Tiers of outlets, weightiest first.
TIERS = ("national", "portal", "provincial", "city", "local", "self-media", "board", "internal", "unknown")
#: By which means something is reported.
MEANS = ("phone", "paper", "system")
#: Stages of what is published, and which of them a publication of each stage also settles.
STAGES = {
    "first": ("first",),
    "progress": ("progress", "first"),
    "formal": ("formal", "first", "progress"),
    "final": ("final", "formal", "first", "progress"),
    "correction": ("correction", "first", "progress"),
}
#: Forms of what is published or approved.
FORMS = (
    "reply",
    "comment",
    "article",
    "statement",
    "release",
    "correction",
    "briefing",
    "referral",
    "letter",
)
#: The four steps that every plan shares, and the closing.
PHASES = ("collect", "verify", "report", "handle", "close")
#: By which way a matter became a case.
HOWS = ("story", "mention", "transfer", "hand")
