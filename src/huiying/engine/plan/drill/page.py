"""The report as one page: words, charts with their tables, and how it was done. It loads nothing and prints."""

from collections.abc import Mapping, Sequence
from html import escape

from huiying.engine.plan.drill.against import Comparison, in_words
from huiying.engine.plan.drill.charts import Chart, misses, people, runs, waits
from huiying.engine.plan.drill.rehearsal import Rehearsal, Scene
from huiying.engine.plan.drill.telling import headline, summary
from huiying.engine.plan.drill.timeline import timeline
from huiying.engine.text import Text

_LIGHT = (
    "--paper:#fff;--ink:#14211e;--ink2:#43524d;--ink3:#61706b;--line:#d8dfdc;--late:#c98a00;--missed:#a01c15;"
    "--absent:#a01c15;--busy:#c98a00;--notice:#6c7d77;--work:#0a6a60;--met:#0a6a60"
)
_DARK = (
    "--paper:#141d1b;--ink:#e3ebe8;--ink2:#b1c0bb;--ink3:#93a39e;--line:#33423e;--late:#f0ce62;--missed:#ff9a90;"
    "--absent:#ff9a90;--busy:#f0ce62;--notice:#93a39e;--work:#54c7b6;--met:#54c7b6"
)
_STYLE = f"""
:root{{{_LIGHT}}}
@media (prefers-color-scheme:dark){{:root{{{_DARK}}}}}
@media print{{:root{{{_LIGHT}}}.scroll{{overflow:visible}}section{{break-inside:avoid}}}}
*{{box-sizing:border-box}}
body{{margin:0 auto;max-width:860px;padding:28px 20px 60px;background:var(--paper);color:var(--ink);font:15px/1.65 "Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}}
h1{{font-size:24px;line-height:1.3;margin:0 0 4px}}h2{{font-size:17px;margin:32px 0 6px}}
p,li{{max-width:46em}}.muted,figcaption,dt{{color:var(--ink3)}}
dl{{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;font-size:14px}}dd{{margin:0;overflow-wrap:anywhere}}
.scroll{{overflow-x:auto}}figure{{margin:0}}
table{{border-collapse:collapse;font-size:13px;width:100%}}th,td{{text-align:left;padding:4px 10px 4px 0;border-bottom:1px solid var(--line);vertical-align:top}}
th{{color:var(--ink3);font-weight:500}}details{{margin:8px 0}}summary{{cursor:pointer}}
.drill-chart{{display:block;min-width:560px;max-width:100%;height:auto;font-family:inherit}}
.drill-chart text{{font-size:12px;fill:var(--ink2)}}.drill-chart .name,.drill-chart .value{{fill:var(--ink)}}.drill-chart .tick{{fill:var(--ink3);font-size:11px}}
.grid{{stroke:var(--line)}}.base{{stroke:var(--ink3)}}.whisker{{stroke:var(--ink);stroke-width:1.4}}
.late{{fill:var(--late)}}.missed{{fill:var(--missed)}}.absent{{fill:var(--absent)}}.busy{{fill:var(--busy)}}.notice{{fill:var(--notice)}}.work{{fill:var(--work)}}
.deed{{stroke:var(--paper);stroke-width:.6}}.deed.is-met{{fill:var(--met)}}.deed.is-late{{fill:var(--late)}}.deed.is-missed{{fill:var(--missed)}}.deed.is-none{{fill:var(--notice)}}
.wait{{stroke-width:1.6;stroke:var(--notice)}}.wait.is-late{{stroke:var(--late)}}.wait.is-missed{{stroke:var(--missed)}}
.key{{font-size:13px;color:var(--ink2);margin:4px 0}}.key svg{{width:11px;height:11px;margin:0 5px 0 14px;vertical-align:-1px}}
.key .is-met{{fill:var(--met)}}.key .is-late{{fill:var(--late)}}.key .is-missed{{fill:var(--missed)}}
"""
_METHOD = (
    Text(
        "离散事件仿真（Banks 等，Discrete-Event System Simulation，第 5 版，2010）：下一件发生的事从队列里取出，一人一次只做一件，先到期的先办，人不在岗就等到有人在岗、代办或叫回。",
        "Discrete-event simulation (Banks et al., Discrete-Event System Simulation, 5th ed. 2010): the next event is taken from a queue; a person does one thing at a time, what is due first comes first, and where nobody is there it waits for somebody to come, to stand in or to be called in.",
    ),
    Text(
        "反应和办理的时间服从对数正态分布（Brown 等，JASA 100，2005，实测电话服务时间即如此）；中位数和离散程度由反应模型给出。",
        "Times of reaction and of work are lognormal (as measured by Brown et al., JASA 100, 2005); median and spread are those of the reaction model.",
    ),
    Text(
        "应办什么、何时到期、算不算按时，由与办理系统同一套时限账本判定，推演自己不作判断。",
        "What is owed, when it is due and whether it was met is judged by the same ledger as on real cases.",
    ),
    Text(
        "比例的 95% 区间用 Wilson 法（1927），一次推演内的期限互有牵连，按次折算有效样本（Korn、Graubard，1998）。",
        "The 95 % intervals are Wilson's (1927); deadlines of one run hang together, so the number of independent trials is taken between runs (Korn and Graubard, 1998).",
    ),
    Text(
        "同一种子、同一事项用同一个随机数（共同随机数，Law，2015），两份预案或两张值班表的差别因此不是运气。加人不保证每一次都更少超期（Graham，1969），看的是许多次的平均。",
        "The same seed gives the same thing the same luck (common random numbers; Law 2015), so two plans or rosters differ for reasons. More people do not make every single run better (Graham 1969); what counts is the mean of many.",
    ),
    Text(
        "不推演：反复要求的事项（每隔一段要办一次的）、延期、催办、办结后的反复。",
        "Not rehearsed: what is owed again and again, extensions, urging, and relapses after closing.",
    ),
)


def every_chart(scene: Scene, found: Rehearsal, language: str) -> list[Chart]:
    """Every chart of the report, in order; none where nothing was owed."""
    if not found.outcomes:
        return []
    drawn = [
        misses(found, language),
        waits(scene.plan, found, language),
        people(found, language),
        runs(found, language),
        timeline(scene, found, language),
    ]
    return [chart for chart in drawn if chart.rows]


def chart_html(chart: Chart, language: str, *, folded: bool = True) -> str:
    """One chart with its table."""
    key = "".join(
        f'<svg aria-hidden="true" viewBox="0 0 10 10"><rect class="{escape(kind)}" width="10" height="10"/></svg>{escape(words)}'
        for kind, words in chart.legend
    )
    head = "".join(f'<th scope="col">{escape(word)}</th>' for word in chart.head)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in chart.rows
    )
    table = f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    word = Text("表", "Table").say(language)
    wrapped = f"<details{'' if folded else ' open'}><summary>{word}</summary>{table}</details>"
    return (
        f'<section id="{chart.id}"><h2>{escape(chart.title.say(language))}</h2>'
        + (f'<p class="key">{key}</p>' if key else "")
        + f'<figure><div class="scroll">{chart.svg}</div><figcaption>{escape(chart.note.say(language))}</figcaption></figure>'
        + wrapped
        + "</section>"
    )


def page(
    scene: Scene,
    found: Rehearsal,
    language: str,
    *,
    given: Mapping[str, str],
    against: Comparison | None = None,
) -> str:
    """The whole page; `given` says by name what was put in (files, their hashes, seed), `against` the other side."""
    title = headline(scene.plan, found).say(language)
    facts = "".join(f"<dt>{escape(key)}</dt><dd>{escape(value)}</dd>" for key, value in given.items())
    parts = [
        f"<h1>{escape(Text('预案推演', 'Plan rehearsal').say(language))}</h1><p>{escape(title)}</p>",
        _list(summary(scene.plan, found), language),
        _against(scene, against, language) if against else "",
        *(chart_html(chart, language) for chart in every_chart(scene, found, language)),
        f"<section><h2>{Text('用了什么', 'What was put in').say(language)}</h2><dl>{facts}</dl></section>",
        f"<section><h2>{Text('方法', 'Method').say(language)}</h2>{_list(_METHOD, language)}</section>",
    ]
    spoken = "en" if language.startswith("en") else "zh-Hans"
    return (
        f'<!doctype html><html lang="{spoken}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>\n"
    )


def method() -> Sequence[Text]:
    """How a rehearsal is done, with its sources."""
    return _METHOD


def _list(lines: Sequence[Text], language: str) -> str:
    return "<ul>" + "".join(f"<li>{escape(line.say(language))}</li>" for line in lines) + "</ul>"


def _against(scene: Scene, found: Comparison, language: str) -> str:
    title = Text("甲乙比较（甲是本次推演）", "A against B (A is this rehearsal)").say(language)
    return f"<section><h2>{title}</h2>{_list(in_words(scene.plan, found), language)}</section>"
