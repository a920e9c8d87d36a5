"""Writes engine/listen/learn/climb.toml, climb_grams.tsv, climb_whole.tsv and climb_bare.tsv: the early warning that is shipped.

Data: heat/hot-search-hourly.tsv.gz (lxw15337674/weibo-trending-hot-history, MIT), all of 2024-05-20 to 2025-12-31. Which
runs of characters may have a weight comes from citizens' messages (routing, replies, hot-issues), so that no name has one;
`benchmarks.warn` says how well the same way of learning does at a later time than it learnt from.
"""

from pathlib import Path

from benchmarks.warn import citizens_words, everything
from huiying.engine.listen.learn.climb import texts_of
from huiying.engine.listen.learn.climb_fit import learn
from huiying.engine.listen.learn.trees import table_of

OUT = Path(__file__).parents[1] / "src/huiying/engine/listen/learn"
HEAD = "# Written by benchmarks.train_climb: where formula and trees begin, the middle of each measure, rates by category.\n"


def main() -> None:
    """Learn and write."""
    model = learn(everything(), citizens_words())
    texts = texts_of(model)
    OUT.joinpath("climb.toml").write_text(HEAD + texts["toml"], "utf-8")
    OUT.joinpath("climb_grams.tsv").write_text(texts["grams"], "utf-8")
    OUT.joinpath("climb_whole.tsv").write_text(table_of(model.whole), "utf-8")
    OUT.joinpath("climb_bare.tsv").write_text(table_of(model.bare), "utf-8")
    print(f"{len(model.grams)} grams, {len(model.whole.value)} and {len(model.bare.value)} nodes to {OUT}")


if __name__ == "__main__":
    main()
