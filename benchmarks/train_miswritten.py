"""Learns the formula of engine/reply/miswritten.toml: whether a correction that could be made should be made.

    python -m benchmarks.train_miswritten

What could be corrected in the training sentences of law, medicine (ECSpell) and of learners (SIGHAN 2013-15) is
measured as the proofreader measures it; a correction is right when it puts what the answer has. A quarter of the
sentences is kept aside: from its figures the sureness is chosen from which `huiying proofread` corrects. Official
documents (odw), the set that is reported, are not read here.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from benchmarks.common import need, say
from huiying.engine.reply.miswritten import MEASURES, Edit, Formula, measured
from huiying.engine.reply.reader import Reader, shipped

OUT = Path(__file__).parents[1] / "src/huiying/engine/reply/miswritten.toml"
#: Name, files, and how much a sentence of it counts: patients and learners write what officials do not.
SETS: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("law", ("ecspell/law.train",), 1.0),
    ("medicine", ("ecspell/med.train",), 0.5),
    ("learners", ("sighan/train2013.txt", "sighan/train2014.txt", "sighan/train2015.txt"), 0.1),
)
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Measured:
    """A sentence with what could be corrected in it."""

    part: str
    written: str
    right: str
    edits: list[Edit]
    measures: Floats
    good: NDArray[np.bool_]  # which edits put what the answer has
    weight: float

    @property
    def aside(self) -> bool:
        """True for the quarter that is not learnt from."""
        return hashlib.sha256(self.written.encode()).digest()[0] < 64


def pairs(*parts: str) -> Iterator[tuple[str, str]]:
    """Written and right sentences of a set, those as long as each other."""
    for line in need("spelling", *parts).read_text("utf-8").splitlines():
        cells = line.split("\t")
        if len(cells) >= 3 and len(cells[1]) == len(cells[2]):
            yield cells[1], cells[2]


def sentences(reader: Reader) -> Iterator[Measured]:
    """Every training sentence, measured."""
    for part, files, weight in SETS:
        for name in files:
            for written, right in pairs(*name.split("/")):
                edits, measures = measured(written, reader)
                good = [right[start : start + len(to)] == to for start, to in edits]
                yield Measured(part, written, right, edits, measures, np.array(good, bool), weight)
        say(f"{part} measured")


def fitted(rows: Sequence[Measured]) -> Formula:
    """The formula of some sentences."""
    measures = np.concatenate([row.measures for row in rows])
    good = np.concatenate([row.good for row in rows])
    weight = np.concatenate([np.full(len(row.good), row.weight) for row in rows])
    first, products = StandardScaler(), PolynomialFeatures(2, include_bias=False)
    second, model = StandardScaler(), LogisticRegression(C=0.02, max_iter=500)
    terms = products.fit_transform(first.fit_transform(measures))
    model.fit(second.fit_transform(terms), good, sample_weight=weight)
    weights = model.coef_[0] / second.scale_
    many = len(MEASURES)
    together = np.zeros((many, many))
    for powers, each in zip(products.powers_[many:], weights[many:], strict=True):
        places = np.flatnonzero(powers)
        together[places[0], places[-1]] = each
    bias = float(model.intercept_[0] - (weights * second.mean_).sum())
    return Formula(bias, first.mean_, first.scale_, weights[:many], together)


def corrected(row: Measured, formula: Formula, least: float) -> str:
    """The sentence after one round of the surest corrections."""
    sums = formula.sums(row.measures)
    written, taken = list(row.written), set[int]()
    for number in np.argsort(-sums):
        start, to = row.edits[number]
        if sums[number] < np.log(least / (1 - least)) or taken & set(range(start - 1, start + len(to) + 1)):
            continue
        taken |= set(range(start, start + len(to)))
        written[start : start + len(to)] = to
    return "".join(written)


def scored(rows: Sequence[Measured], correct: Callable[[Measured], str]) -> str:
    """Sentence F1 of correction and the share of clean sentences that are touched."""
    said = [(row, correct(row)) for row in rows]
    changed = sum(text != row.written for row, text in said)
    wrong = sum(row.written != row.right for row, _text in said)
    mended = sum(text == row.right != row.written for row, text in said)
    false = sum(text != row.written == row.right for row, text in said)
    precision, recall = mended / max(changed, 1), mended / max(wrong, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return f"F1 {f1:.3f} P {precision:.3f} R {recall:.3f} touched {false / max(len(rows) - wrong, 1):.4f}"


def main() -> None:
    """Measure, learn, say what the part kept aside gives, write what all of it gives."""
    rows = list(sentences(shipped()))
    formula = fitted([row for row in rows if not row.aside])
    for least in (0.4, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9):
        for part, _files, _weight in SETS:
            aside = [row for row in rows if row.part == part and row.aside]
            say(f"{least} {part}: {scored(aside, lambda row, least=least: corrected(row, formula, least))}")
    OUT.write_text(written_down(fitted(rows)), "utf-8")


def written_down(formula: Formula) -> str:
    """The formula as a file."""
    lines = [
        "# Whether a correction should be made; written by benchmarks.train_miswritten.",
        f"bias = {formula.bias:.4f}",
    ]
    for place, name in enumerate(MEASURES):
        products = ", ".join(f"{one:.4f}" for one in formula.together[place, place:])
        lines += [
            f"\n[measures.{name}]",
            f"mean = {formula.means[place]:.4f}\nscale = {formula.scales[place]:.4f}",
            f"weight = {formula.singly[place]:.4f}\nwith = [{products}]  # itself and those below",
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
