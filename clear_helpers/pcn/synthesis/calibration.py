"""Published English figures the synthetic PCN is drawn from, each with its source.

Codes in brackets are rows of datasets/published/figures.csv. Only figures read in their
source with high confidence are used as targets; a shape that rests on judgement says
*assumed*.
"""

from __future__ import annotations

import numpy as np

# Share of all persons by five-year band, per cent: ONS mid-2023 estimates, England (DEM001–038).
FEMALE_SHARE = (2.593, 2.836, 2.984, 2.864, 2.934, 3.303, 3.580, 3.543, 3.367, 3.024,
                3.357, 3.412, 3.065, 2.569, 2.353, 2.210, 1.427, 0.9488, 0.6029)  # fmt: skip
MALE_SHARE = (2.719, 2.969, 3.133, 3.038, 3.057, 3.245, 3.377, 3.306, 3.191, 2.929,
              3.245, 3.286, 2.951, 2.428, 2.136, 1.927, 1.133, 0.6552, 0.3007)  # fmt: skip

# The rest of this module has one value for each of seven broad age groups.
BROAD_STARTS = (0, 5, 18, 45, 65, 75, 85)

# Share in a care home by five-year band from 65-69, per cent: OpenSAFELY, England, March 2019
# to February 2020 (DEM119–123).
CARE_HOME_65_PLUS = (0.4184, 0.4184, 1.273, 2.968, 6.753, 16.322)
# Deaths per 1,000 person-years from 65-69 on, private homes then care homes (DEA001–010).
DEATHS_PRIVATE_65_PLUS = (13.069, 13.069, 26.454, 44.753, 77.715, 153.5)
DEATHS_CARE_HOME_65_PLUS = (279.8, 279.8, 347.2, 389.1, 431.7, 507.1)
# The same in April 2020, per 1,000 in the month (DEA011–015).
APRIL_2020_PRIVATE = (1.6, 1.6, 3.44, 5.93, 10.64, 20.54)
APRIL_2020_CARE_HOME = (62.45, 62.45, 84.57, 92.77, 94.95, 94.93)
# Assumed: deaths under 65 by five-year band, per 1,000 person-years.
DEATHS_UNDER_65 = (0.9, 0.1, 0.1, 0.3, 0.4, 0.5, 0.7, 1.0, 1.6, 2.4, 3.6, 5.4, 8.4)

# Truly housebound, not in a care home, by band from 65-69, per cent. Coded housebound is 1.79 at
# 70-79 and 9.594 at 80 and over (DEM116, DEM117); about 62 % are coded. Under 65 assumed.
HOUSEBOUND_65_PLUS = (0.9, 2.0, 4.0, 9.0, 19.0, 33.0)
HOUSEBOUND_UNDER_65 = 0.35
HOUSEBOUND_IN_CARE_HOME = 90.0
HOUSEBOUND_CODED = 0.62

# Ethnic group, Census 2021 (DEM104–107; Mixed is the remainder), order of the data model:
# White, Mixed, Asian, Black, Other. Recorded in 78.2 % of records (DAT001).
ETHNIC_SHARES = (81.7, 2.9, 9.3, 4.0, 2.1)
ETHNICITY_RECORDED = 0.782

# Any long-term condition by broad age group: 42.2 % over all ages (MUL001); shape assumed.
ANY_CONDITION = (0.06, 0.14, 0.29, 0.57, 0.80, 0.90, 0.95)

# Appointments. Relative rate by broad age group and for women of 18–44: assumed shape.
APPOINTMENT_RATE = (1.05, 0.50, 0.75, 1.00, 1.50, 1.95, 2.20)
# Per registered patient per working day: 310 million from April 2019 to March 2020 (APP208) over
# 60.1 million people (DEM040) and 253 working days; 5.225 a year in 2021/22 (APP118).
APPOINTMENTS_PER_WORKING_DAY = 0.0206
# Per working day by calendar month, mean 1 (APP106–117).
APPOINTMENT_MONTHS = (1.007, 0.9886, 0.9999, 0.9758, 0.9982, 0.9749,
                      0.9448, 0.9154, 1.023, 1.143, 1.044, 0.9849)  # fmt: skip
# April 2020 was 27 % below April 2019 (APP198), the year 2020/21 10 % below the year before
# (APP208); the path between is assumed.
APPOINTMENT_SHOCK = {0: 1.0, 49: 1.0, 50: 0.88, 52: 0.70, 56: 0.70, 62: 0.80, 70: 0.88,
                     77: 0.98, 78: 1.0, 90: 0.97, 96: 0.93, 101: 1.0, 155: 1.0}  # fmt: skip

# Share by mode in per cent (face to face, telephone, video or online, unknown). Before the
# pandemic 80 and 13.5 (APP201–202); April 2020 47 and 48 (APP199–200); 2020/21 54 face to face
# (APP209); February–March 2021 and 2021/22 (APP078–082, APP001–005).
MODE_KNOTS = (0, 49, 54, 60, 79, 98, 104, 155)
MODE_SHARES = {
    "Face-to-Face": (80.0, 80.0, 47.0, 50.0, 57.0, 53.3, 56.5, 62.5),
    "Telephone": (13.5, 13.5, 48.0, 45.0, 38.5, 42.2, 39.3, 33.2),
    "Video/Online": (0.5, 0.5, 0.6, 0.6, 0.5, 0.46, 0.5, 0.5),
    "Unknown": (5.2, 5.2, 3.9, 3.8, 3.5, 3.5, 3.2, 3.0),
}
# Chance that an appointment is a home visit: together 0.64 % in 2021/22 (APP002); the split
# between the housebound, people of 75 and over, and others is assumed.
HOME_VISIT_CHANCE = (0.0004, 0.006, 0.11)

# Role by mode (face to face or other, telephone or online, home visit). GPs are 50.8 %, other
# staff 46.1 %, unknown 3.1 % (APP017–019); nurses 21 %, other direct care 19 % (APP025–026).
ROLE_WEIGHTS = {
    "GP": (45, 62, 62),
    "Advanced clinical practitioner": (4.5, 6, 10),
    "Practice nurse": (24, 10.5, 10),
    "Healthcare assistant": (12.5, 1.5, 0),
    "Clinical pharmacist": (2.7, 8, 1),
    "Pharmacy technician": (0.4, 0.8, 0),
    "Paramedic": (1.5, 1.5, 12),
    "Physiotherapist": (1.9, 1.2, 0),
    "Occupational therapist": (0.1, 0.1, 0.3),
    "Mental health practitioner": (0.6, 0.9, 0),
    "Physician associate": (0.7, 0.6, 0.3),
    "Care coordinator": (0.4, 1.2, 0.5),
    "Social prescribing link worker": (0.4, 1.0, 0.3),
    "Administrator": (1.0, 1.2, 0),
    "Unknown": (3.2, 3.0, 3.6),
}

# Days from booking: first and last day of each published band. "More than 28" ends at 56 here.
WAIT_BANDS = ((0, 0), (1, 1), (2, 7), (8, 14), (15, 21), (22, 28), (29, 56))
# Share of each band and share not attended (DNA), per cent, January 2020 (APP133–192), for: GP
# face to face, other staff face to face, GP telephone, other staff telephone.
WAIT_SHARES = (
    (51.51, 6.514, 17.173, 11.189, 6.184, 4.196, 3.235),
    (27.113, 7.01, 25.972, 16.733, 9.054, 6.403, 7.715),
    (65.779, 8.555, 17.333, 5.127, 1.893, 0.8517, 0.4609),
    (74.609, 8.244, 11.253, 2.865, 1.362, 0.87, 0.7972),
)
DNA_SHARES = (
    (1.974, 4.993, 6.141, 7.025, 7.404, 7.524, 8.682),
    (2.732, 6.555, 7.466, 8.401, 9.018, 9.152, 10.68),
    (1.574, 2.871, 2.715, 2.701, 2.645, 2.962, 2.58),
    (1.807, 4.213, 4.494, 4.716, 5.266, 5.699, 5.895),
)
# Never closed, so reported as unknown: 4.05 % (APP013). Cancelled appointments are left out of the
# published figures; their share here is assumed.
STATUS_UNKNOWN = 4.05
STATUS_CANCELLED = 1.5

# Minutes, December 2021 to June 2022 (APP126–131). Of all appointments 24 % have no
# duration (APP125): those not attended, and these of the attended.
DURATION_BANDS = ((1, 5), (6, 10), (11, 15), (16, 20), (21, 30), (31, 60))
DURATION_SHARES = (22.398, 26.47, 19.704, 12.533, 11.767, 7.129)
DURATION_UNKNOWN = 0.16

# National category, August 2021 to March 2022 (APP059–077), leaving out visits, which follow mode.
CATEGORY_SHARES = {
    "General Consultation Routine": 32.568,
    "General Consultation Acute": 17.847,
    "Clinical Triage": 14.25,
    "Planned Clinics": 9.411,
    "Planned Clinical Procedure": 8.986,
    "Inconsistent Mapping": 8.242,
    "Unmapped": 3.995,
    "Care Related Encounter but does not fit into any other category": 1.182,
    "Unplanned Clinical Activity": 1.017,
    "Structured Medication Review": 0.5996,
    "Service provided by organisation external to the practice": 0.2788,
    "Social Prescribing Service": 0.1466,
    "Walk-in": 0.1401,
    "Non-contractual chargeable work": 0.0459,
    "Group Consultation and Group Education": 0.0201,
}

# Emergency admissions: 6.02 million in 2017/18 (HOS049) among 55.6 million people.
EMERGENCY_PER_YEAR = 0.108
# Relative rate by five-year band: assumed, but for infants (338 per 1,000, HOS032).
EMERGENCY_SHAPE = (1.60, 0.45, 0.45, 0.70, 0.75, 0.72, 0.70, 0.68, 0.70, 0.75,
                   0.82, 0.92, 1.10, 1.35, 1.75, 2.40, 3.40, 4.60, 5.60)  # fmt: skip
EMERGENCY_MALE = 0.97
# Admissions per day are 2.5 % above the mean in December–March and 2.3 % below it in June–August
# (HOS007–018): a wave of 3.3 %.
EMERGENCY_WINTER = 0.033
# Assumed path; admissions fell by about four in ten at the worst.
EMERGENCY_SHOCK = {0: 1.0, 49: 1.0, 50: 0.85, 52: 0.62, 56: 0.62, 62: 0.75, 68: 0.85,
                   74: 0.94, 77: 0.99, 78: 1.0, 155: 1.0}  # fmt: skip
# A third of emergency stays have no night (HOS053).
EMERGENCY_NO_NIGHT = 0.33
# 79 % of emergency admissions come through A&E: 4.77 million (HOS006) of 6.02 (HOS049).
EMERGENCY_THROUGH_ED = 0.79

# A&E: 25 million attendances in 2019/20 (HOS020) among 56.3 million people; 2020/21 was 17 million
# (HOS019, HOS021). Relative rate by broad age group assumed, so that 22 % are 65 and over (HOS023).
ED_PER_YEAR = 0.444
ED_SHAPE = (1.80, 1.05, 1.45, 0.75, 0.55, 0.70, 1.00)
ED_SHOCK = {0: 1.0, 49: 1.0, 50: 0.75, 52: 0.48, 55: 0.48, 62: 0.65, 70: 0.80, 77: 0.84,
            84: 0.76, 94: 0.66, 100: 0.74, 106: 0.92, 112: 0.99, 155: 0.97}  # fmt: skip
ED_MONTHS = (0.982, 0.997, 1.019, 0.980, 1.030, 1.022,
             1.035, 0.957, 0.994, 1.001, 1.001, 0.980)  # HOS007–018  # fmt: skip
ED_MONDAY = 16.0  # per cent of attendances (HOS028)
# Attendance in the most deprived decile against the least: 1.7 (HOS030); by fifth, most first.
ED_DEPRIVATION = (1.30, 1.13, 1.0, 0.90, 0.80)

# Planned admissions: no published figure read; assumed.
PLANNED_PER_YEAR = 0.03
PLANNED_SHAPE = (0.3, 0.3, 0.6, 1.2, 2.1, 2.3, 1.6)
PLANNED_SHOCK = {0: 1.0, 49: 1.0, 50: 0.6, 52: 0.2, 60: 0.3, 70: 0.65, 80: 0.8, 93: 0.8,
                 96: 0.6, 110: 0.9, 155: 0.95}  # fmt: skip

# Requests for home visits: no published figure read. 66 a week among 36,000 people, assumed; the
# shock and the small winter wave likewise.
HOME_VISIT_REQUESTS_PER_WEEK = 66 / 36_000
HOME_VISIT_WINTER = 0.02
HOME_VISIT_SHOCK = {0: 1.0, 49: 1.0, 50: 0.80, 52: 0.50, 56: 0.45, 62: 0.52, 70: 0.62,
                    74: 0.75, 77: 0.92, 78: 1.0, 155: 1.0}  # fmt: skip


def broad(age_years: np.ndarray) -> np.ndarray:
    """Which of the seven broad age groups an age in years falls in, 0 to 6."""
    return np.searchsorted(np.array(BROAD_STARTS), np.maximum(age_years, 0), side="right") - 1
