"""The options by which a command asks the operator's own language model instead of what comes with the house."""

import argparse
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from huiying.stronger import Stronger

KEY = "HUIYING_MODEL_KEY"


def model_options(parser: argparse.ArgumentParser) -> None:
    """`--model-url` and `--model-name`; the key comes from the environment and never from the command line."""
    group = parser.add_argument_group("a stronger model", f"Off without both. A key is read from {KEY}.")
    group.add_argument(
        "--model-url",
        default="",
        metavar="URL",
        help="speaks the OpenAI chat protocol: http://127.0.0.1:8000/v1",
    )
    group.add_argument("--model-name", default="", metavar="NAME", help="by which name it is called there")


def stronger_of(args: argparse.Namespace) -> "Stronger | None":
    """The model that the options name; None where they name none."""
    from huiying.desk.net.chat import Model
    from huiying.stronger import Stronger

    if not args.model_url or not args.model_name:
        return None
    return Stronger(model=Model(url=args.model_url, name=args.model_name, key=os.environ.get(KEY, "")))


def with_model(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """The command; a model that fails is told with its mend, exit code 1, and nothing is written in its stead."""

    def guard(args: argparse.Namespace) -> int:
        from huiying.desk.net.trouble import Trouble

        try:
            return run(args)
        except Trouble as trouble:
            print(f"✗ {trouble.message.zh}。{trouble.mend.zh}", file=sys.stderr)
            print(f"✗ {trouble.message.en}. {trouble.mend.en}", file=sys.stderr)
            return 1

    return guard
