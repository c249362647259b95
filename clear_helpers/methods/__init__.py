"""Numbers in, numbers out: one module per method, named by its standard term.

Import the module, not this room: ``from clear_helpers.methods import spc``.

spc               statistical process control: XmR charts, run charts
funnel            funnel plots: limits, overdispersion, flags
standardisation   comparing unlike populations
rates             proportions and rates with confidence intervals
change_point      whether, and where, the level of a series stepped
seasonality       taking the yearly cycle out of a series

Modules import scipy and statsmodels only inside the functions that need them, so that
a notebook pays for them when it uses them.
"""
