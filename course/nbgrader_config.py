"""How nbgrader marks this course.

Read by `workbook release`, `grade` and `feedback`, and by nbgrader's own commands and its
formgrader when they are started in this folder.
"""

c = get_config()  # noqa: F821 - nbgrader provides it when it reads this file

c.CourseDirectory.course_id = "clear"

# What an Associate sees where the solution was. It runs, so an untouched assignment runs
# from top to bottom; a function with only this in it returns nothing, and scores nothing.
c.ClearSolutions.code_stub = {"python": "...  # replace the dots with your own lines"}
c.ClearSolutions.text_stub = "*Write your answer here, in place of this line.*"

# nbgrader's own DeduplicateIds leaves a duplicated cell in a state that a later check takes
# for an old notebook, which ends the whole batch; its own add_missing_cells fails when the
# cell before the deleted one is locked or gone too. This step repairs both.
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "clear_helpers.classroom.faculty.repair.RepairCells",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# nbgrader gives no marks to a test cell that writes anything to stderr, so one FutureWarning
# from a library fails a right answer. A failed test always leaves an error as well.
c.IgnorePattern.enabled = True
c.IgnorePattern.pattern = r"[\s\S]"

# Seconds a cell may take: hidden tests read three Primary Care Networks.
c.Execute.timeout = 60

# Feedback shows what a test said, not the test: no hidden tests, no traceback through them.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "clear_helpers.classroom.faculty.repair.HideTests",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
