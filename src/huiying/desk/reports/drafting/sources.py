"""Papers whose words rest on something that others approved: a text, the lines, a correction asked for, a referral."""

from huiying.desk.cases.models import Case
from huiying.desk.replies.models import Draft, Referral
from huiying.desk.replies.queries import lines_in_force
from huiying.desk.reports.drafting.material import Material
from huiying.desk.reports.drafting.sections import Sections, fixed_of_lines
from huiying.desk.reports.drafting.words import closed, paragraphs

APPROVED = (Draft.State.APPROVED, Draft.State.PUBLISHED)
DECIDED = (Referral.State.APPROVED, Referral.State.SENT, Referral.State.ANSWERED)


def approved_texts(case: Case) -> list[Draft]:
    """The texts that the press may get, the newest first; statements and releases before answers to single posts."""
    rows = list(case.drafts.filter(state__in=APPROVED).order_by("-approved_at", "-pk"))
    return sorted(rows, key=lambda draft: draft.form not in {"statement", "release", "article"})


def decided(case: Case, kind: str) -> list[Referral]:
    """The corrections asked for, or referrals, that a second person approved; the newest first."""
    return list(case.referrals.filter(kind=kind, state__in=DECIDED).order_by("-decided_at", "-pk"))


def named(case: Case, source: str, kind: str) -> str:
    """The source that a new paper rests on: "draft:3", "lines:2", "referral:5"; empty when there is none yet."""
    if kind == "draft":
        texts = approved_texts(case)
        found = next((one for one in texts if f"draft:{one.pk}" == source), texts[0] if texts else None)
        return f"draft:{found.pk}" if found else ""
    if kind == "lines":
        lines = lines_in_force(case)
        return f"lines:{lines.version}" if lines else ""
    rows = decided(case, kind)
    chosen = next((one for one in rows if f"referral:{one.pk}" == source), rows[0] if rows else None)
    return f"referral:{chosen.pk}" if chosen else ""


def fixed(of: Material, source: str) -> Sections:
    """The words that come from `source` and are not changed on the paper. Empty when it is gone or not approved."""
    kind, _sign, ref = source.partition(":")
    if kind == "lines":
        now = lines_in_force(of.case)
        return fixed_of_lines(of) if now and str(now.version) == ref else {}
    if not ref.isdecimal():
        return {}
    if kind == "draft":
        draft = of.case.drafts.filter(pk=int(ref), state__in=APPROVED).first()
        return {"text": draft.text} if draft else {}
    row = of.case.referrals.filter(pk=int(ref), state__in=DECIDED).first()
    return _letter(of, row) if row else {}


def _letter(of: Material, row: Referral) -> Sections:
    ask = "一处事实与实际不符" if row.kind == "correction" else f"所涉情形为：{row.get_ground_display()}"
    name = of.body.name if of.body else ""
    return {
        "matter": closed(f"我单位（{name}）在核实有关情况时发现，下列公开发布的内容{ask}"),
        "claim": paragraphs(f"内容原文：“{row.claim}”", f"公开地址：{row.address}"),
        "fact": closed(row.fact),
        "evidence": paragraphs(
            *(closed(f"{number}．{item}") for number, item in enumerate(row.evidence_list, 1))
        ),
    }


def request_of(kind: str) -> str:
    """How the request of a letter begins."""
    if kind == "correction":
        return "请对上述一处不实信息予以更正，并附上本函所列事实。本函只针对这一处事实，不涉及其他内容和任何人的批评、意见。"
    return "现将上述内容及证据移送，请依职权审查处理，并将结果函告我单位。本函只针对所列公开地址的内容。"
