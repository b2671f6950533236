from __future__ import annotations

from apps.deals.qualification.metric import share

SHARES = (
    share(
        "equity_pct",
        "Equity",
        "(estimated value − open loans) ÷ estimated value.",
        "the estimated value or the loan balance is missing",
    ),
    share(
        "ltv",
        "Loan to value",
        "Open loans ÷ estimated value; 0% is free and clear, above 100% is under water.",
        "the estimated value or the loan balance is missing",
    ),
    share(
        "repair_ratio",
        "Repairs ÷ ARV",
        "Repairs as a share of the ARV.",
        "the ARV or the repairs are missing",
    ),
    share(
        "asking_ratio",
        "Asking price ÷ ARV",
        "Last listing price as a share of the ARV.",
        "the listing price or the ARV is missing",
    ),
    share(
        "price_reduction_pct",
        "Price cut",
        "How far the asking price fell below the highest one seen in your lists.",
        "no earlier, higher price of this listing was seen",
    ),
    share(
        "assessed_ratio",
        "Assessed ÷ value",
        "Assessed value as a share of the estimated value.",
        "the assessed or the estimated value is missing",
    ),
    share(
        "lien_ratio",
        "Liens ÷ value",
        "Recorded liens other than mortgages as a share of the estimated value.",
        "the lien amount or the estimated value is missing",
    ),
    share(
        "appreciation_pct",
        "Appreciation",
        "(estimated value − last sale price) ÷ last sale price; below 0% is a loss.",
        "the estimated value or the last sale price is missing",
    ),
    share(
        "rent_to_piti",
        "Rent ÷ PITI",
        "Monthly rent as a share of the whole monthly payment; above 100% the rent carries it.",
        "the monthly rent or the whole payment is not known",
    ),
    share(
        "rent_to_price",
        "Rent ÷ asking price",
        "Monthly rent as a share of the asking price: investors’ “1% rule” wants 1% or more.",
        "the monthly rent or the listing price is missing",
    ),
    share(
        "loan_rate",
        "Loan rate",
        "Yearly interest of the open loan.",
        "the list gave no rate",
    ),
    share(
        "loan_rate_below_market",
        "Loan rate below market",
        "Market rate of the estimate policy − loan rate, in points: 7% − 4% is 3%.",
        "the list gave no rate",
    ),
)
