"""The families of models, one file each, as data: SPEC, and LAYOUTS of the files in which others publish them."""
