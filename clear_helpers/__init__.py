"""What the CLEAR workbooks import.

Rooms, each with one purpose (arrows between them point one way):

pcn         the data: tables of a Primary Care Network, synthetic or from an extract
governance  what may leave: disclosure control, identifiers, readiness
methods     numbers in, numbers out; one module per method, by its standard name
charts      numbers in, a chart out, with title, alt text and caption
explore     widgets around methods and charts
portfolio   what each week leaves behind
classroom   practice questions, assignments, submission, grading, progress
headless    running every notebook without a person
"""
