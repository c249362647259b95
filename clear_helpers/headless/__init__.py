"""Running every notebook without a person, and the report of it.

``run_weeks`` executes workbooks through papermill, ``render`` turns an executed notebook
into one HTML page that opens without a network, ``tidy`` puts notebooks in standard form.
"""

from clear_helpers.headless.outcome import Failure, NotebookRun
from clear_helpers.headless.runner import execute, run_weeks
from clear_helpers.headless.tidy import problems, tidy

__all__ = ["Failure", "NotebookRun", "execute", "problems", "run_weeks", "tidy"]
