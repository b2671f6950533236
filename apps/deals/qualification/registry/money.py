from __future__ import annotations

from apps.deals.qualification.metric import dollars

MONEY = (
    dollars(
        "est_value",
        "Estimated value",
        "What the list vendor thinks the property is worth as it stands.",
        "the list gave no estimated value",
    ),
    dollars(
        "arv",
        "ARV",
        "Value after repair: set by a person, else the list's estimate standing in for it.",
        "nobody set an ARV and the list gave no estimated value",
    ),
    dollars(
        "repairs",
        "Repairs",
        "Cost of repairs: set by a person, else estimated per square foot.",
        "nobody set repairs and the building's size is missing",
    ),
    dollars(
        "mao",
        "Maximum allowable offer",
        "ARV × share of ARV (70% unless the estimate policy says otherwise) − repairs,"
        " before any fee; at $0 or less no offer makes sense.",
        "the ARV or the repairs are missing",
    ),
    dollars(
        "mao_headroom",
        "MAO above asking price",
        "Maximum allowable offer − asking price; below $0 the seller asks too much.",
        "the ARV, the repairs or the listing price is missing",
    ),
    dollars(
        "arv_spread",
        "ARV above asking price",
        "ARV − asking price, before repairs.",
        "the ARV or the listing price is missing",
    ),
    dollars(
        "arv_uplift",
        "ARV above value as it stands",
        "ARV − estimated value: what repairs would add.",
        "the ARV or the estimated value is missing",
    ),
    dollars(
        "equity_amount",
        "Equity in dollars",
        "Estimated value − open loans.",
        "the estimated value or the loan balance is missing",
    ),
    dollars(
        "loan_balance",
        "Open loans",
        "Remaining balance of all open loans.",
        "the list gave no loan balance",
    ),
    dollars(
        "asking_price",
        "Asking price",
        "Price of the last listing.",
        "there is no listing price",
    ),
    dollars(
        "assessed",
        "Assessed value",
        "Value the county taxes.",
        "the list gave no assessed value",
    ),
    dollars(
        "lien",
        "Liens",
        "Sum of recorded liens other than mortgages.",
        "the list gave no lien amount",
    ),
    dollars(
        "tax_owed",
        "Property tax owed",
        "The largest amount that an open sign of unpaid property tax names; 0 once paid.",
        "no source names an amount",
    ),
    dollars(
        "last_sale_price",
        "Last sale price",
        "What the owner paid.",
        "the list gave no price, or a token one under $1,000",
    ),
    dollars(
        "price_per_sqft",
        "Value per sq ft",
        "Estimated value ÷ building size.",
        "the estimated value or the building's size is missing",
    ),
    dollars(
        "asking_per_sqft",
        "Asking price per sq ft",
        "Asking price ÷ building size.",
        "the listing price or the building's size is missing",
    ),
    dollars(
        "monthly_rent",
        "Monthly rent",
        "Rent a month by the list, else estimated as a share of the estimated value.",
        "the list gave neither a rent nor an estimated value",
    ),
    dollars(
        "loan_payment",
        "Monthly loan payment",
        "By the list; else the level payment that clears the balance at the loan's rate, or at the"
        " market rate, over the term of the estimate policy. 0 when free and clear.",
        "the list gave neither a payment nor a loan balance",
    ),
    dollars(
        "piti",
        "Whole monthly payment (PITI)",
        "A payment by the list is taken as the whole; else the estimated loan payment and taxes"
        " and insurance as a share of the estimated value.",
        "the list gave no payment, and the balance or the estimated value is missing",
    ),
    dollars(
        "rent_surplus",
        "Rent above PITI",
        "Monthly rent − whole monthly payment, before other costs.",
        "the monthly rent or the whole payment is not known",
    ),
)
