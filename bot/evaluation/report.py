"""The figures as Markdown, CSV and plots."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

from bot.evaluation import scores
from bot.evaluation.scores import OUTCOMES, Scored


def summary(scored: list[Scored], conversation_line: str = "", thresholds: dict[str, float] | None = None) -> str:
    """The figures as Markdown, short enough for a terminal; `thresholds` are those of the model that was measured."""
    lines = []
    if thresholds:
        lines.append("thresholds: " + ", ".join(f"{name} {value:g}" for name, value in thresholds.items()))
    if scored:
        total = scores.counts(scored)
        error, _ = scores.calibration(scored)
        lines += [f"messages: {len(scored)}", "", _table("all", {"all": total})]
        lines += [
            _table("kind", scores.grouped(scored, "kind")),
            _table("voice", scores.grouped(scored, "voice")),
            f"macro-F1 {scores.macro_f1(scored):.3f}  ECE {error:.3f}",
            "answerable at once, with at least this share right: "
            + ", ".join(f"{precision:.0%}: {share:.1%}" for precision, share in scores.coverage(scored).items()),
        ]
        lines += [_danger(scored), _places(scored)]
    return "\n".join([*lines, conversation_line]).strip()


def write(
    scored: list[Scored], folder: Path, conversation_lines: list[str], thresholds: dict[str, float] | None = None
) -> None:
    """Write report.md, rows.csv, confusions.csv and two plots into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = ["# Evaluation", "", summary(scored, thresholds=thresholds), ""]
    parts += ["## Per topic", "", _table("topic", scores.grouped(scored, "topic"))]
    parts += ["## Confusions", ""]
    for expected, given, texts in scores.confusions(scored):
        parts += [f"- {len(texts)} × {expected} → {given}", *(f"  - {text[:160]}" for text in texts[:3])]
    danger = scores.danger(scored)
    parts += ["", "## Danger missed", "", *(f"- {text}" for text in danger.missed_texts)]
    parts += ["", "## False alarms", "", *(f"- {text}" for text in danger.false_texts)]
    parts += ["", "## Places", "", *(f"- {line}" for line in scores.places(scored).problems)]
    if conversation_lines:
        parts += ["", "## Conversations", "", *(f"- {line}" for line in conversation_lines)]
    (folder / "report.md").write_text("\n".join(parts) + "\n", encoding="utf-8")
    _rows(scored, folder / "rows.csv")
    _plots(scored, folder)


def _table(name: str, groups: dict[str, Counter[str]]) -> str:
    lines = [f"| {name} | n | right | wrong | asked | missed |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for group, tally in groups.items():
        size = sum(tally.values())
        shares = " | ".join(f"{100 * tally[item] / size:.1f}%" for item in OUTCOMES)
        lines.append(f"| {group} | {size} | {shares} |")
    return "\n".join(lines) + "\n"


def _danger(scored: list[Scored]) -> str:
    score = scores.danger(scored)
    if not score.total:
        return f"danger: no danger messages; false alarms {score.false_alarms}/{score.others}"
    low, high = score.interval
    return (
        f"danger: found {score.found}/{score.total} (recall {score.found / score.total:.3f}, 95% {low:.3f}-{high:.3f}); "
        f"false alarms {score.false_alarms}/{score.others}"
    )


def _places(scored: list[Scored]) -> str:
    score = scores.places(scored)
    named = score.right + score.asked + score.wrong + score.missed
    return (
        f"places: {score.right} right, {score.asked} asked, {score.wrong} wrong, {score.missed} missed of {named}; "
        f"invented {score.invented}/{score.without_place}"
    )


def _rows(scored: list[Scored], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            ["id", "outcome", "expected", "topic", "kind", "intent", "confidence", "options", "voice", "text"]
        )
        for item in scored:
            turn = item.turn
            writer.writerow([
                item.message.id, item.outcome, " ".join(item.message.accept), turn.topic or "", turn.kind, turn.intent,
                f"{turn.confidence:.3f}", json.dumps(turn.options), item.message.voice, item.message.text,
            ])  # fmt: skip


def _plots(scored: list[Scored], folder: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    _, bins = scores.calibration(scored)
    figure, axes = pyplot.subplots(figsize=(4.5, 4.5))
    axes.plot([0, 1], [0, 1], linestyle="--", color="grey")
    axes.plot([mean for mean, _, _ in bins], [share for _, share, _ in bins], marker="o")
    axes.set(
        xlabel="confidence", ylabel="share right", title="Reliability of answered messages", xlim=(0, 1), ylim=(0, 1.02)
    )
    figure.tight_layout()
    figure.savefig(folder / "reliability.png", dpi=120)

    groups = scores.grouped(scored, "topic")
    order = sorted(groups, key=lambda key: groups[key]["right"] / sum(groups[key].values()))
    figure, axes = pyplot.subplots(figsize=(7, max(3, 0.22 * len(order))))
    left = [0.0] * len(order)
    for outcome_name in OUTCOMES:
        width = [groups[key][outcome_name] / sum(groups[key].values()) for key in order]
        axes.barh(order, width, left=left, label=outcome_name)
        left = [a + b for a, b in zip(left, width, strict=True)]
    axes.legend(loc="lower right", fontsize=7)
    axes.tick_params(axis="y", labelsize=6)
    figure.tight_layout()
    figure.savefig(folder / "topics.png", dpi=120)
    pyplot.close("all")
