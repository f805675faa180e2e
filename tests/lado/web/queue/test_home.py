"""Home: what needs me now."""


def test_the_home_page_shows_a_case(browser, caseload):
    caseload.referral()
    page = browser.sign_in("olive").get("/")
    assert "R.S., Willow Lane Primary School" in page.text
