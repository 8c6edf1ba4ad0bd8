"""`make evaluate`: how good forecasts are in made-up clinics, as docs/evaluation.md.

`--quick` runs a few small families and prints the page instead of writing it.
"""

import argparse
import multiprocessing
import os
import time
from dataclasses import replace
from pathlib import Path

from evaluate.measure import OURS, RIVALS, Result, Task, measure
from evaluate.report import write
from evaluate.simulator import HELD_BACK, NAMED, random_family

PAGE = Path(__file__).resolve().parents[2] / "docs" / "evaluation.md"
N_HELD_BACK = 16
TRAINING, FRESH, BLIND_FRESH = 400, 2400, 1400
# Patients of small clinics, and how many such clinics are averaged.
SMALL = {5: 8, 20: 4, 60: 2, 800: 1}
SMALL_FRESH = 1600
SMALL_FAMILIES = ("exponential", "mixed shapes", "tolerance", "one cycle")
QUICK_FAMILIES = ("exponential", "sudden", "memoryless")
QUICK_SMALL = {5: 2, 60: 1}
# Far from the seeds of tests and of work on the model.
FIRST_SEED = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    tasks = _quick_tasks(options.seed) if options.quick else _tasks(options.seed)
    results = _run(tasks)
    small = [r for r in results if r.task.group == "small"]
    families = [r for r in results if r.task.group != "small"]
    seeing = [r for r in families if r.task.family.foresees]
    blind = [r for r in families if not r.task.family.foresees]
    page = write(seeing, blind, small, options.seed)
    if options.quick:
        print(page)
    else:
        PAGE.write_text(page, encoding="utf-8")
        print(f"wrote {PAGE}")


def _tasks(seed: int) -> list[Task]:
    families = [(family, "named") for family in NAMED]
    families += [
        (random_family(HELD_BACK + k), "held back") for k in range(N_HELD_BACK)
    ]
    first = FIRST_SEED + 10_000 * seed
    tasks = [
        Task(family, group, TRAINING, FRESH, first + k)
        for k, (family, group) in enumerate(families)
    ]
    tasks += [_without_foresight(task, BLIND_FRESH) for task in tasks]
    return tasks + _small_tasks(SMALL_FAMILIES, SMALL, SMALL_FRESH, first)


def _quick_tasks(seed: int) -> list[Task]:
    first = FIRST_SEED + 10_000 * seed
    families = [family for family in NAMED if family.name in QUICK_FAMILIES]
    tasks = [
        Task(family, "named", 100, 300, first + k) for k, family in enumerate(families)
    ]
    tasks += [_without_foresight(task, 300) for task in tasks]
    return tasks + _small_tasks(("exponential",), QUICK_SMALL, 300, first)


def _without_foresight(task: Task, fresh: int) -> Task:
    """The same family, but nobody books by what is still to come."""
    return replace(task, family=replace(task.family, foresees=False), fresh=fresh)


def _small_tasks(
    names: tuple[str, ...], sizes: dict[int, int], fresh: int, first: int
) -> list[Task]:
    """All sizes of a family are asked of the same fresh patients."""
    by_name = {family.name: family for family in NAMED}
    return [
        Task(by_name[name], "small", patients, fresh, first + 500 + k, clinics, False)
        for k, name in enumerate(names)
        for patients, clinics in sizes.items()
    ]


def _run(tasks: list[Task]) -> list[Result]:
    """Results in the order of the tasks, with a line for each as it comes."""
    results: dict[int, Result] = {}
    began = time.monotonic()
    with multiprocessing.Pool(os.cpu_count()) as pool:
        for number, result in pool.imap_unordered(_numbered, enumerate(tasks)):
            results[number] = result
            since = time.monotonic() - began
            print(f"{len(results):3}/{len(tasks)} {since:4.0f} s  {_line(result)}")
    return [results[number] for number in sorted(results)]


def _numbered(numbered: tuple[int, Task]) -> tuple[int, Result]:
    number, task = numbered
    return number, measure(task)


def _line(result: Result) -> str:
    ours = result.scores[OURS]
    rivals = " ".join(f"{result.crps(rival):.1f}" for rival in RIVALS)
    return (
        f"{result.name:16} {result.task.training:4} patients  CRPS {ours.crps:5.2f} "
        f"({rivals})  80 % {ours.coverage[80]:.2f}"
    )


if __name__ == "__main__":
    main()
