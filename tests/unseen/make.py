"""Makes the DOCX, PDF and XLSX documents of all batches: `python -m unseen.make` in tests/."""

import sys
from pathlib import Path

from unseen.fifth import fifth_batch
from unseen.fourth import fourth_batch
from unseen.third import third_batch
from unseen.writers import answers, columns, letter, tabled

HERE = Path(__file__).parent


def first_batch(folder: Path) -> None:
    """The documents of the first batch."""
    letter(
        folder / "05-answer-letter.docx",
        [
            "Kelsbrook General Hospital NHS Foundation Trust",
            "Information Governance, Mill Lane, Kelsbrook",
            "12 September 2025",
            "Our reference: FOI 25-118",
            "Dear Ms Orrell,",
            "Thank you for your request under the Freedom of Information Act 2000. Our answers stand below each question.",
            "1) Does the Trust currently use any artificial intelligence in diagnosis or treatment?",
            "Yes.",
            "2) Please list each product, its supplier and the department that uses it.",
            "* NoduleWatch (Pulmovia), used in radiology",
            "* FracTrace (Osteon), used in the emergency department",
            "* ScribeWell (Halden Medical), being piloted in two outpatient clinics",
            "3) How often was each product used between January and June 2025?",
            "NoduleWatch was used on 2,304 scans and FracTrace on 11,870 X-rays between January and June 2025. We do not hold figures for ScribeWell.",
            "4) How was each product procured?",
            "NoduleWatch was bought directly from the supplier. FracTrace was procured by the North Fells Imaging Network for all of its members.",
            "5) Which products do you plan to introduce?",
            "We have no plans to use MammoGuide. We may consider Compass next year, should funds allow.",
            "6) Which products are no longer in use?",
            "StrokeLens was withdrawn in 2023.",
            "7) What does each contract cost?",
            "This is withheld under section 43(2), as it would harm the commercial interests of our suppliers.",
            "If you are not content with this answer you may ask for an internal review within forty working days.",
            "Yours sincerely,",
            "Freedom of Information Office",
        ],
    )
    columns(
        folder / "06-annual-review.pdf",
        "North Fells Imaging Network - Annual review 2024/25",
        [
            "# Imaging AI in our trusts",
            "This review was written in May 2025 from the reports of our member trusts.",
            "# Jarnley and Stour",
            "Jarnley and Stour Health|care NHS Trust went live with MammoGuide in June 2024. It read 9,412 mammo|grams with MammoGuide in 2024/25.",
            "# Millbeck and Harden",
            "Millbeck and Harden NHS Foundation Trust has in|stalled FracTrace, but the soft|ware is not in use because staff have not been trained.",
            "# Oxcombe and Wend Valley",
            "Oxcombe and Wend Valley NHS Foundation Trust is rolling out Nodule|Watch, which was funded by the Fells and Coast Inte|grated Care Board. First patients are expected in the autumn.",
            "# Larkhill",
            "Larkhill University Hos|pital NHS Foundation Trust uses FlowMap (Cardiq) in cardio|logy, 10-12 times a week. A pilot of Compass was com|pleted in March 2025 and has not been taken further.",
            "# Netherby",
            "Netherby Hospitals NHS Trust is eval|uating Stroke|Lens and has not bought it.",
            "# Looking ahead",
            "We hope that every member will use FracTrace by 2027. Fox|holme Community Health|care has asked to join the net|work and has yet to choose a product.",
        ],
    )
    answers(
        folder / "07-answers.xlsx",
        [
            [
                "Trust",
                "Do you use AI?",
                "Product",
                "Supplier",
                "Status",
                "Uses per month",
                "How was it bought?",
                "Comment",
            ],
            [
                "Ashdown Vale University Hospitals NHS Foundation Trust",
                "Yes",
                "StrokeLens",
                "Cerevia",
                "In use",
                118,
                "Tarnside Stroke Network",
                None,
            ],
            [
                "Brackenfield Hospitals NHS Trust",
                "Yes",
                "NoduleWatch",
                "Pulmovia",
                "In use",
                640,
                "Spectrum Digital Diagnostics Framework",
                None,
            ],
            [
                "Calder Moor Teaching Hospitals NHS Foundation Trust",
                "Yes",
                "FlowMap",
                "Cardiq",
                "Pilot",
                None,
                None,
                "Figures not held",
            ],
            ["Foxholme Community Healthcare NHS Trust", "No", None, None, None, None, None, None],
            ["Holmwick Children's NHS Foundation Trust", None, None, None, None, None, None, None],
            [
                "Inglestone Cancer Centre NHS Foundation Trust",
                "Yes",
                None,
                None,
                None,
                None,
                None,
                "Names withheld under section 43",
            ],
            [
                "Larkhill University Hospital NHS Foundation Trust",
                "Yes",
                "FlowMap",
                "Cardiq",
                "Paused",
                0,
                None,
                "Waiting for a new scanner",
            ],
            [
                "Millbeck and Harden NHS Foundation Trust",
                "No",
                None,
                None,
                None,
                None,
                None,
                "Considering FracTrace",
            ],
            ["Netherby Hospitals NHS Trust", "No reply", None, None, None, None, None, None],
        ],
    )


def second_batch(folder: Path) -> None:
    """The documents of the second batch."""
    letter(
        folder / "05-reply.docx",
        [
            "# Freedom of Information: our reply",
            "Ivelbridge Hospitals NHS Foundation Trust",
            "Date: 6 October 2025",
            "Reference: IH/25/0417",
            "Dear Sir or Madam,",
            "You asked us eight questions about artificial intelligence. Here are our replies.",
            "1) Is AI used in the Trust for the care of patients? If so, which products?",
            "Yes, the Trust uses Radar from Veritome to put chest X-rays in order, and Notewise in four specialties. Sentinel is used by our neighbour Kingsmere General, not by us.",
            "2) Are any products being tried out?",
            "EchoRead (Echora) is on trial in the heart failure clinic until March 2026. MoleCheck is not being tried out and never was.",
            "3) How many times was each used in the last financial year (2024/25)?",
            "Radar: 48,310 X-rays in 2024/25. For Notewise we estimate 300 to 350 uses a week.",
            "4) Through which route was each one obtained?",
            "Radar was procured by the South Marsh Imaging Network. Notewise was bought through the Keystone AI Framework. The trial of EchoRead is funded by NHS Marsh and Downs Integrated Care Board.",
            "5) What do you intend to buy in the next two years?",
            "The Trust would consider BoneSight if its price fell. Nothing has been decided.",
            "6) Has the Trust ended the use of any product?",
            "Yes. HeartLens was discontinued in April 2025 because the contract had run out.",
            "7) Please send the business cases.",
            "We refuse this part under section 43 (commercial interests).",
            "8) Who is responsible for AI?",
            "The Chief Clinical Information Officer.",
            "Yours faithfully,",
            "Information Rights Team",
        ],
    )
    tabled(
        folder / "06-evaluation.pdf",
        "Marsh and Downs ICB | AI in diagnostics: evaluation 2025 | Final",
        [
            "# AI in diagnostics: state of play in October 2025",
            "NHS Marsh and Downs Integrated Care Board asked each of its trusts for the state of its tools. The table shows what they said; where a cell is empty, the trust left it so.",
            [
                ["Trust", "Tool", "Supplier", "State", "Use"],
                [
                    "Coldwater Bay University Hospitals NHS Foundation Trust",
                    "Radar",
                    "Veritome",
                    "Live",
                    "7,000-8,000 X-rays a month",
                ],
                [
                    "Fernhill Orthopaedic Hospital NHS Foundation Trust",
                    "BoneSight",
                    "Ansible Imaging",
                    "Pilot",
                    "85 X-rays a week",
                ],
                ["Gorsley and Teme NHS Foundation Trust", "Sentinel", "Strovia", "", ""],
                ["Hollin Coast NHS Trust", "Sentinel", "Strovia", "Ended", ""],
                ["Nunstead Healthcare NHS Trust", "None", "", "", ""],
            ],
            "# Findings",
            "Radar at Coldwater Bay University Hospitals was bought under the Keystone AI Framework and costs less than manual sorting. At Fernhill Orthopaedic Hospital the pilot of BoneSight is funded by NHS Marsh and Downs Integrated Care Board.",
            "Eastmarsh Teaching Hospitals NHS Trust takes part in HARBOUR-CXR, a study that uses Radar for research only. Should the results be good, Eastmarsh may buy it.",
            "# Recommendations",
            "All trusts should consider Radar. Drayminster Hospitals could use it at once, if the interface were mended. No trust should buy Notewise alone.",
        ],
    )


if __name__ == "__main__":
    first_batch(HERE / "batch1")
    second_batch(HERE / "batch2")
    third_batch(HERE / "batch3")
    fourth_batch(HERE / "batch4")
    fifth_batch(HERE / "batch5")
    sys.exit(0)
