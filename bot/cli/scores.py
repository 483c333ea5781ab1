"""The commands that count: ``score`` and ``compare``."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.input import InputError, is_file, open_store, read_bytes
from bot.cli.sources import inspected
from bot.messages import say
from criteria.report.score_document import score_document
from criteria.scoring.score import InspectionScore, score_cases

if TYPE_CHECKING:
    from criteria.scoring.comparison import RegionRange


async def score(options: argparse.Namespace) -> None:
    read = await inspected(options.source, options.pack)
    cases = list(read.cases)
    adjustments = {}
    if not is_file(options.source):
        from storage import records

        async with open_store() as store:
            adjustments = await records.adjustments(store, options.source)
    if options.caseload is not None and options.caseload < len(cases):
        raise InputError(say("cli-caseload-too-small", caseload=options.caseload, cases=len(cases)))
    score = score_cases(read.pack, cases)
    region = _region(options.region, score) if options.region else {}
    if options.json:
        document = score_document(score, cases, adjustments, options.caseload)
        if region:
            document["region"] = {name: asdict(figures) for name, figures in region.items()}
        print(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        from bot.reports.score_report import score_report

        report = score_report(
            score,
            cases,
            adjustments=adjustments,
            region=region,
            title=read.title,
            caseload=options.caseload,
        )
        print(report)


def _region(path: Path, score: InspectionScore) -> dict[str, RegionRange]:
    from criteria.scoring.comparison import read_region

    try:
        return read_region(json.loads(read_bytes(path)), {*score.criteria, *score.headlines})
    except (ValueError, RecursionError) as exc:
        raise InputError(say("cli-file-refused", path=path, why=exc)) from exc


async def compare_inspections(options: argparse.Namespace) -> None:
    from bot.reports.comparison_report import comparison_report

    later = await inspected(options.source, options.pack)
    earlier = options.earlier or later.follows
    if earlier is None:
        raise InputError(say("cli-follows-none", inspection=options.source))
    before = await inspected(earlier, options.pack)
    scores = score_cases(before.pack, before.cases), score_cases(later.pack, later.cases)
    print(comparison_report(*scores))
