"""Writes engine/listen/learn/growth.toml and growth.tsv: the forecast that is shipped, from the public cascades of reposts.

Data: cascades/ced.jsonl.gz (thunlp/Chinese_Rumor_Dataset; Song et al. 2018), times only, all 2,247 cascades;
`benchmarks.growth` says how well the same way of learning does on cascades that it did not see.
"""

from pathlib import Path

from benchmarks.growth import SHIPPED, cascades
from huiying.engine.listen.learn.growth import text_of
from huiying.engine.listen.learn.growth_fit import learn
from huiying.engine.listen.learn.trees import table_of

OUT = Path(__file__).parents[1] / "src/huiying/engine/listen/learn"


def main() -> None:
    """Learn and write."""
    model = learn([times.tolist() for times in cascades()], SHIPPED)
    OUT.joinpath("growth.toml").write_text(
        "# Written by benchmarks.train_growth: the day's curve, what is usual, and where the trees begin.\n"
        + text_of(model)
        + "\n",
        "utf-8",
    )
    OUT.joinpath("growth.tsv").write_text(table_of(model.trees), "utf-8")
    print(f"{len(model.trees.roots)} trees, {len(model.trees.value)} nodes to {OUT}")


if __name__ == "__main__":
    main()
