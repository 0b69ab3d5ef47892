"""The command ``matchmaker``: zh-CN help and messages, ``--json`` for programs, exit codes 0, 1 and 2."""
