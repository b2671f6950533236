"""`make bench [ONLY=name]`: run the benchmarks whose figure names start with ONLY."""

import importlib
import pkgutil
import sys

import tests.benchmarks


def main() -> int:
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    names = [m.name for m in pkgutil.iter_modules(tests.benchmarks.__path__)]
    names = [name for name in names if name.startswith("bench_")]
    chosen = [name for name in names if name.removeprefix("bench_").startswith(only.split(".")[0])]
    if not chosen:
        known = ", ".join(name.removeprefix("bench_") for name in names)
        print(f"There is no benchmark {only}; there are: {known}", file=sys.stderr)
        return 1
    for name in chosen:
        importlib.import_module(f"tests.benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
