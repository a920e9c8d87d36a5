"""Proofreading line by line: the corrections that are certain, and nothing else."""

from huiying.engine.reply.spelling import slips


def proofread(line: str) -> str:
    """`line` with its certain slips put right; unchanged where none is certain."""
    parts, done = [], 0
    for slip in slips(line):
        parts += [line[done : slip.span.start], slip.right]
        done = slip.span.end
    return "".join((*parts, line[done:]))
