"""The DOCX and PDF documents of the third batch."""

from pathlib import Path

from unseen.layouts import correspondence, paper


def third_batch(folder: Path) -> None:
    """Write the binary documents of the third batch."""
    paper(folder / "04-board-paper.docx", BOARD)
    correspondence(
        folder / "05-foi-response.pdf", "Cattermoor and Whin Valley FOI 2026/0071", LETTER
    )


BOARD: list[str | list[list[str]]] = [
    "# Marlehampton Hospitals NHS Trust",
    "Board of Directors, Part 1: Thursday 27 November 2025",
    "Paper G: Digital, data and technology, half-year report",
    "Sponsor: Chief Digital and Information Officer. Purpose: to note and to approve one request.",
    "## Summary",
    "The first half of the year went to plan in most places. The record system is settling down at Garth Street, the network is sounder than it was, and two clinical AI products are now part of ordinary work. Staffing in the integration team remains the greatest worry.",
    "## Electronic patient record",
    "The second phase of the electronic patient record went live at Garth Street on 4 October 2025. The last phase, at the community hospitals, is planned for May 2026. Ninety-two per cent of staff had been trained on the day, against a target of ninety.",
    "## Clinical AI",
    "The table below brings the Board up to date. It lists products only; the policy that governs them was approved in July.",
    [
        ["Product", "What it is for", "Where we are", "Activity", "Lead"],
        [
            "Ossia (Skelara)",
            "Fractures, both emergency departments",
            "In routine use since May 2024",
            "2,450 X-rays a month",
            "Dr Fenwick",
        ],
        [
            "ChestSort (Thoravue)",
            "GP chest X-rays",
            "Three-month proof of concept, to 31 January 2026",
            "About 75 X-rays a day",
            "Dr Abelard",
        ],
        [
            "Plannova",
            "Radiotherapy contouring",
            "Live",
            "640 plans in 2024/25",
            "Mr Oduya",
        ],
        [
            "WardScribe (Tallow Health)",
            "Letters from outpatient clinics",
            "On hold while the supplier resolves an incident",
            "-",
            "Dr Sands",
        ],
        [
            "Clotline (Neurovane)",
            "Acute stroke CT",
            "Contract signed 14 October; work starts in January",
            "-",
            "Dr Maule",
        ],
        [
            "SPOT (Lumeskin)",
            "Suspected skin cancer",
            "Options appraisal",
            "-",
            "Dr Rook",
        ],
        [
            "DeepTone (Quantrel)",
            "MRI reconstruction",
            "Being installed on scanner 2",
            "-",
            "Mr Oduya",
        ],
        [
            "PolypEye (Endolux)",
            "Colonoscopy",
            "Withdrawn in August 2025",
            "-",
            "Dr Lyle",
        ],
    ],
    "Ossia has been bought through the Meridian Imaging Software Framework. Clotline was recommended by the Wessmoor Stroke Network, whose other members have had it for some time. We withdrew PolypEye because the loan of the equipment had ended and the endoscopists did not wish to buy it.",
    "If the proof of concept succeeds, a case for ChestSort will come to the Board in March. Members asked in September whether the Trust would also take LungLedger. We do not intend to, as there is no lung screening at our sites; Wynstead University Hospitals runs that service and uses LungLedger for it.",
    "## Money",
    "In September the Wessmoor Innovation Fund awarded the Trust £310,000 towards the work on stroke. A second application, for an ambient scribe, was declined.",
    "## Working with others",
    "The Trust has signed a memorandum of understanding with Varley Cross University Hospital NHS Trust, under which the two will share a clinical safety officer. Nothing in it commits either to buy a product.",
    "## Risks",
    "* The integration team has three vacancies. Should a fourth person leave, Clotline could not go live before the summer.",
    "* The supplier of WardScribe may not be able to satisfy our information governance team, in which case the product will be withdrawn.",
    "* Winter pressures may put back the training of radiographers on DeepTone.",
    "## Recommendation",
    "The Board is asked to note the report and to approve a further twelve months of the licence for Plannova.",
]
LETTER = [
    "Cattermoor and Whin Valley NHS Foundation Trust",
    "Information Rights, Whin House, Cattermoor",
    "Ref: FOI 2026/0071",
    "5 February 2026",
    "Dear Requester,",
    "<b>Freedom of Information Act 2000: artificial intelligence</b>",
    "I write further to your e-mail of 9 January 2026. You asked for information about artificial intelligence in the care of patients. I confirm under section 1(1)(a) of the Act that the Trust holds some of what you have asked for. Each part of your request is set out below, with our response beneath it.",
    "> Q1. What clinical AI systems are in use at the Trust at the date of this request? Please give the name of the product, the supplier and the department.",
    "A1. At the date of your request the following were in clinical use:",
    "- Ossia, supplied by Skelara, in the emergency department and the minor injuries units;",
    "- Clotline, supplied by Neurovane, in acute stroke medicine;",
    "- Corvessa, in cardiology;",
    "- DeepTone, supplied by Quantrel, in MRI.",
    "> Q2. Are any systems being trialled?",
    "A2. Yes. SPOT (Lumeskin) is the subject of a pilot in dermatology, which began on 1 December 2025 and will last for six months. The Trust is also a site for the GLADE study, within which PolypEye is used for research only.",
    "> Q3. How many times was each system used in the calendar year 2025?",
    "A3. Ossia was used on 29,316 X-rays and Clotline on 1,207 scans between January and December 2025. Corvessa is used roughly 10 to 12 times a month. To establish the figure for DeepTone we should have to look at each scan by hand; this would exceed the appropriate limit, and section 12 of the Act applies.",
    "> Q4. How was each system procured? Were other bodies involved?",
    "A4. Ossia was purchased through the Meridian Imaging Software Framework. Clotline was procured by the Wessmoor Stroke Network for its members. DeepTone came with the scanner as part of the purchase from the manufacturer. The pilot of SPOT is funded by Wessmoor Integrated Care Board.",
    "> Q5. Does the Trust use AI to write clinical notes or letters?",
    "A5. No. An ambient scribe, WardScribe, was evaluated on paper last year. The Trust has not bought it and there are no plans to do so.",
    "> Q6. Have any systems been withdrawn since January 2023?",
    "A6. Yes, one. LungLedger was withdrawn in March 2024 at the end of its contract.",
    "> Q7. Which systems does the Trust intend to introduce in the next two years?",
    "A7. The Trust is considering MIRA for the breast unit. No decision has been taken. Information about other proposals is withheld under section 43(2) because it would be likely to prejudice the commercial interests of the Trust.",
    "> Q8. Please provide the security assessment of each system.",
    "A8. This is exempt under section 31(1)(a), since to publish it would help those who wish to attack our systems.",
    "> Q9. Are you aware of other trusts that use ChestSort?",
    "A9. The Act covers information that we hold. We hold nothing about this.",
    "If you are unhappy with the way in which your request has been handled you may ask for an internal review within 40 working days of the date of this letter. If you remain dissatisfied you may complain to the Information Commissioner.",
    "Yours faithfully,",
    "J. Marchbanks, Information Rights Manager",
]

if __name__ == "__main__":
    third_batch(Path(__file__).parent / "batch3")
