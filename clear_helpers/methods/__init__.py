"""Numbers in, numbers out. One module per method, named by its standard term.

Import the module you need: ``from clear_helpers.methods import spc``. Nothing is imported
here, so a notebook pays only for the methods it uses.

============================  ==========================================================
variation                     spc, change_point, seasonality, activity
rates and comparison          rates, standardisation, funnel, inequality, case_finding,
                              capture_recapture, multimorbidity, frailty
agreement and engagement      agreement, themes, crowd, engagement, network, process
effect                        interrupted_time_series, difference_in_differences
capacity and workforce        queueing, waiting_list, simulation, staffing, allocation
choice and value              appraisal, economics
============================  ==========================================================
"""
