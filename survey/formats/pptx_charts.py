"""Bar charts of slides: shares with their intervals, which can be edited in the program that shows them."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from survey.formats.pptx_text import ACCENT, INK, LINE, Box, colour, one_line
from survey.formats.workbook import Properties, Share, Sheet, write_workbook


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart: its label with the numbers, its share and the interval around it."""

    label: str
    share: float | None
    low: float | None = None
    high: float | None = None


def add_chart(shapes: Any, bars: Sequence[Bar], series: str, box: Box) -> Any:
    """Add a chart to the shapes of a slide; its workbook holds text and numbers only."""
    data: Any = CategoryChartData(number_format="0.0%")  # type: ignore[no-untyped-call]
    labels = [one_line(bar.label) for bar in bars]
    # The words come later: the library would write a label that begins with "=" as a formula.
    data.categories = [str(number) for number in range(len(bars))]
    data.add_series("-", [bar.share for bar in bars])
    frame = shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *box.emu(), data)
    _name(frame.chart, series, labels)
    _embed(frame.chart, series, labels, bars)
    _draw(frame.chart, bars)
    return frame


def _name(chart: Any, series: str, labels: Sequence[str]) -> None:
    """Put the words into the chart."""
    for place in chart._chartSpace.iter(qn("c:tx")):
        for value in place.iter(qn("c:v")):
            value.text = series
    for place in chart._chartSpace.iter(qn("c:cat")):
        for value, label in zip(place.iter(qn("c:v")), labels, strict=True):
            value.text = label


def _embed(chart: Any, series: str, labels: Sequence[str], bars: Sequence[Bar]) -> None:
    """Give the chart a workbook of ours in the place of the library's."""
    stream = io.BytesIO()
    rows = _rows(labels, bars)
    write_workbook(stream, [Sheet("Sheet1", ("", series, "low", "high"), rows)], Properties(title=series))
    chart.part.chart_workbook.update_from_xlsx_blob(stream.getvalue())


def _rows(labels: Sequence[str], bars: Sequence[Bar]) -> Iterator[tuple[Any, ...]]:
    for label, bar in zip(labels, bars, strict=True):
        numbers = (None if value is None else Share(value) for value in (bar.share, bar.low, bar.high))
        yield (label, *numbers)


def _draw(chart: Any, bars: Sequence[Bar]) -> None:
    chart.has_legend, chart.has_title = False, False
    chart.font.size, chart.font.color.rgb = Pt(14 if len(bars) < 9 else 11), colour(INK)
    chart.category_axis.reverse_order = True
    chart.category_axis.format.line.color.rgb = colour(LINE)
    chart.category_axis.has_major_gridlines = False
    axis = chart.value_axis
    axis.minimum_scale, axis.maximum_scale = 0, 1
    axis.visible, axis.has_major_gridlines = False, False
    plot = chart.plots[0]
    plot.gap_width, plot.vary_by_categories = 45, False
    fill = plot.series[0].format.fill
    fill.solid()
    fill.fore_color.rgb = colour(ACCENT)
    if any(bar.low is not None and bar.high is not None for bar in bars):
        _intervals(plot.series[0], bars)


def _intervals(series: Any, bars: Sequence[Bar]) -> None:
    plus = [max(0.0, (bar.high or 0.0) - (bar.share or 0.0)) if bar.high is not None else 0.0 for bar in bars]
    minus = [max(0.0, (bar.share or 0.0) - (bar.low or 0.0)) if bar.low is not None else 0.0 for bar in bars]
    line = f'<a:ln w="22225"><a:solidFill><a:srgbClr val="{INK}"/></a:solidFill></a:ln>'
    xml = (
        f'<c:errBars {nsdecls("c", "a")}><c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="0"/><c:plus>{_literal(plus)}</c:plus><c:minus>{_literal(minus)}</c:minus>'
        f"<c:spPr>{line}</c:spPr></c:errBars>"
    )
    series._element.find(qn("c:cat")).addprevious(parse_xml(xml))


def _literal(values: Sequence[float]) -> str:
    points = "".join(f'<c:pt idx="{at}"><c:v>{value!r}</c:v></c:pt>' for at, value in enumerate(values))
    return (
        f'<c:numLit><c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>{points}</c:numLit>'
    )
