# For those who have `just`. Every line calls run.py, which needs nothing but Python.

default:
    @just --list

# three example patients, walked through in the terminal
demo:
    python3 run.py demo

# the fast tests; `just test --long` for all of them
test *ARGS:
    python3 run.py test {{ARGS}}

# ruff and mypy --strict
lint:
    python3 run.py lint

# what CI runs, here
ci:
    CI=true .ci/run

# the command line, in its environment
posology *ARGS:
    python3 run.py posology {{ARGS}}

bench *NAME:
    python3 run.py bench {{NAME}}

docs:
    python3 run.py docs

compile := "uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate"

# pin requirements/*.txt again from pyproject.toml (needs uv); one set of versions for all of them
lock *ARGS:
    {{compile}} {{ARGS}} --group build -o requirements/build.txt
    {{compile}} {{ARGS}} pyproject.toml -c requirements/build.txt -o requirements/core.txt
    {{compile}} {{ARGS}} --group research -c requirements/build.txt -c requirements/core.txt -o requirements/research.txt
    {{compile}} {{ARGS}} --group print -c requirements/build.txt -c requirements/core.txt -o requirements/print.txt
    {{compile}} {{ARGS}} --group test -c requirements/research.txt -c requirements/print.txt -c requirements/build.txt -c requirements/core.txt -o requirements/test.txt
    {{compile}} {{ARGS}} --group lint -c requirements/build.txt -c requirements/test.txt -o requirements/lint.txt
