"""``python -m annotui``."""

from annotui.cli.main import run

if __name__ == "__main__":
    run()
