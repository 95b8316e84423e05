"""`python -m vary_cli` is `vary`."""

from vary_cli.cli import main

if __name__ == "__main__":
    main()
