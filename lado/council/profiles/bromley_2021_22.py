"""The year 2021-22 of the London Borough of Bromley in its published counts; everything else about it is invented."""

from lado.council.profiles.profile import Open, Profile

BROMLEY_2021_22 = Profile(
    key="bromley-2021-22",
    source="London Borough of Bromley, LADO annual report 2021/22 and the committee minute of 15 March 2022: outcomes "
    "of 204 referrals from 1 April 2021 to 31 March 2022",
    endings={
        "substantiated": 72,
        "unsubstantiated": 30,
        "unfounded": 69,
        "false": 1,
        "malicious": 0,
        "open": 32,
    },
    # The report gives no number for calls that ended with advice; one in five referrals is a choice of this product.
    advice_calls=41,
    opens=(
        Open("investigating"),
        Open("paused"),
        Open("review_late"),
        Open("meeting_soon"),
        Open("evaluating"),
        Open("oversight"),
        Open("proposed"),
        Open("long_paused"),
        Open("just_met"),
        Open("decision_due"),
        Open("long_running"),
        Open("awaiting"),
    ),
    councils={"northbrook": 1},
    again=4,
)
