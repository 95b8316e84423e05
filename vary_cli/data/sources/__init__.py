"""Where examples come from, a file each: what the Vary paper trained on, made on the user's machine.

Every source exports `Options`, whose first field is what the command line names; `examples(options, chance)`, a stream
without end; `BLOCK`, see below; and `EXAMPLE`, a command line. Sources that invent examples need no more. Sources that
find them in files also export `items(options)`, what there is to be had, and `taken(item, options, chance)`, which
yields an Example or a Skipped for each thing an item holds.

A data set is made in blocks: BLOCK examples of an inventing source, BLOCK items of a finding one. Block n is drawn with
random.Random(f"{seed}/{n}") and nothing else, so the same seed gives the same bytes whoever makes which block.
"""
