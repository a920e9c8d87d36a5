"""Ways out of the house, one folder each: `form.py` says how to set it up and what it can carry, `send.py` sends.

To add one, copy the folder that is nearest to it and name it in `registry.py`.
"""
