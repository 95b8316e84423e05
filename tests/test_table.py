"""Tables: spans push their neighbours aside, HTML is read however badly it is written."""

from vary_cli.table import Entry, from_html, html, markdown, pipe, placed, width


def test_spans_push_their_neighbours_aside() -> None:
    rows = ((Entry("a", rows=2), Entry("b", columns=2)), (Entry("c"), Entry("d")))
    assert [(place.entry.text, place.row, place.column) for place in placed(rows)] == [
        ("a", 0, 0),
        ("b", 0, 1),
        ("c", 1, 1),
        ("d", 1, 2),
    ]
    assert width(rows) == 3


def test_pipes_in_cells_are_escaped_once() -> None:
    assert pipe(((Entry("a|b"), Entry("c\\|d")), (Entry("x\ny"),))) == "| a\\|b | c\\|d |\n| --- | --- |\n| x y |  |"


def test_only_spans_need_html() -> None:
    assert markdown(((Entry("a"),), (Entry("b"),))).startswith("| a |")
    assert markdown(((Entry("a", columns=2),),)) == '<table>\n<tr><td colspan="2">a</td></tr>\n</table>'


def test_html_that_is_written_is_read_back() -> None:
    rows = ((Entry("a &amp; <sub>b</sub>", rows=2, header=True), Entry("c")), (Entry("d", columns=3),))
    assert from_html(html(rows)) == rows


def test_bad_html_is_read_as_far_as_it_goes() -> None:
    assert from_html("<table><td colspan=x>a<td rowspan=0>b<tr><script>c</script><td>d") == (
        (Entry("a"), Entry("b")),
        (Entry("d"),),
    )
    assert from_html("no table") == ()
