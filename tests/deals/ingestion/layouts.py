"""Made-up files of vendors nobody has seen: text, and what their columns mean."""

from __future__ import annotations

from typing import NamedTuple


class Made(NamedTuple):
    text: str
    meant: dict[str, str]


SHORT_WORDS = Made(
    "Prop Addr,Prop City,Prop St,Prop Zip,Owner Nm,Owner Ph#,Mail Addr,Mail City,Mail St,Mail Zip,"
    "Bd,Ba,Sq Ft,Yr Blt,Zestimate\n"
    "12 Sample St,New Haven,CT,06511,Testa Sampleton,2035550101,9 Fake Ave,Hamden,CT,06514,3,1.5,"
    '1240,1955,"$245,000"\n'
    "14 Sample St,New Haven,CT,06511,Ada Fakely,(203) 555-0102,14 Sample St,New Haven,CT,06511,4,2,"
    '1600,1962,"$310,500"\n',
    {
        "Prop Addr": "line", "Prop City": "city", "Prop St": "state", "Prop Zip": "zip",
        "Owner Nm": "owner_name", "Owner Ph#": "phone_1", "Mail Addr": "mailing_line",
        "Mail City": "mailing_city", "Mail St": "mailing_state", "Mail Zip": "mailing_zip",
        "Bd": "bedrooms", "Ba": "bathrooms", "Sq Ft": "building_sqft", "Yr Blt": "year_built",
        "Zestimate": "est_value_amount",
    },
)  # fmt: skip
COUNTY_ROLL = Made(
    "County of Sample\nTax roll as of 11/01/2026\n\n"
    "PARCEL NO;SITUS ADDRESS;SITUS CITY;SITUS ZIP;COUNTY;OWNER;MAIL STREET;MAIL CITY;MAIL STATE;"
    "MAIL ZIP;ASSD VALUE;SALE DT;SALE PRICE;LAND USE;ACREAGE\n"
    "001-22-333;77 Madeup Rd;Sampleville;44101;Cuyahoga;SAMPLETON, TESTA;77 Madeup Rd;Sampleville;"
    "OH;44101;98000;03/04/1999;65000;Single Family;0.21\n"
    "001-22-334;79 Madeup Rd;Sampleville;44101;Cuyahoga;EXAMPLE HOLDINGS LLC;PO Box 9;Columbus;"
    "OH;43004;101500;2011-06-30;88000;Single Family;0.25\n",
    {
        "PARCEL NO": "apn", "SITUS ADDRESS": "line", "SITUS CITY": "city", "SITUS ZIP": "zip",
        "COUNTY": "county", "OWNER": "owner_name", "MAIL STREET": "mailing_line",
        "MAIL CITY": "mailing_city", "MAIL STATE": "mailing_state", "MAIL ZIP": "mailing_zip",
        "ASSD VALUE": "assessed_amount", "SALE DT": "last_sale_on",
        "SALE PRICE": "last_sale_amount", "LAND USE": "property_type", "ACREAGE": "lot_acres",
    },
)  # fmt: skip
REPEATED = Made(
    "First Name\tLast Name\tAddress\tCity\tState\tZip\tAddress\tCity\tState\tZip\tCell\tE-mail\n"
    "Testa\tSampleton\t5 Invented Ln\tTulsa\tOK\t74101\t8 Other St\tDallas\tTX\t75201\t"
    "9185550101\ttesta@example.com\n"
    "Ada\tFakely\t6 Invented Ln\tTulsa\tOK\t74101\t6 Invented Ln\tTulsa\tOK\t74101\t\t\n",
    {
        "First Name": "owner_first", "Last Name": "owner_last", "Address": "line", "City": "city",
        "State": "state", "Zip": "zip", "Address (column 7)": "mailing_line",
        "City (column 8)": "mailing_city", "State (column 9)": "mailing_state",
        "Zip (column 10)": "mailing_zip", "Cell": "phone_1", "E-mail": "email_1",
    },
)  # fmt: skip
NOISE = Made(
    "Col1|Rank|Full Address|Homeowner|x7|Mobile 1|Mobile 1 Type|Landline 1|Landline 1 DNC|Email"
    "|Tags|Batch\n"
    "a9|1|12 Sample St, Hartford, CT 06106|Testa Sampleton|88|8605550101|Mobile|8605550102|Yes"
    "|t@example.com|vacant,tax|77\n"
    "b3|2|14 Sample St, Hartford, CT 06106|Ada Fakely|91|8605550103|Mobile|8605550104|No"
    "|a@example.com|probate|78\n",
    {
        "Full Address": "address", "Homeowner": "owner_name", "Mobile 1": "phone_1",
        "Mobile 1 Type": "phone_1_type", "Landline 1": "phone_2", "Landline 1 DNC": "phone_2_dnc",
        "Email": "email_1", "Tags": "lists",
    },
)  # fmt: skip
DISTRESS = Made(
    "Street Address,Town,State,Postal Code,Owner Name,Vacant?,Tax Delinquent,Delinquent Year,"
    "Delinquent Amount,Lis Pendens Date,Auction Date,Probate,Lien Amount,Notes\n"
    "12 Sample St,Hartford,CT,06106,Testa Sampleton,Y,Y,2023,4200.50,02/01/2026,06/15/2026,N,1200,"
    "roof\n"
    "14 Sample St,Hartford,CT,06106,Ada Fakely,N,N,,,,,Y,,\n",
    {
        "Street Address": "line", "Town": "city", "State": "state", "Postal Code": "zip",
        "Owner Name": "owner_name", "Vacant?": "vacant", "Tax Delinquent": "tax_delinquent",
        "Delinquent Year": "tax_delinquent_year", "Delinquent Amount": "tax_delinquent_amount",
        "Lis Pendens Date": "pre_foreclosure_on", "Auction Date": "auction_on",
        "Probate": "probate_on", "Lien Amount": "lien_amount", "Notes": "notes",
    },
)  # fmt: skip
CREATIVE = Made(
    "propertyAddress,propertyCity,propertyState,propertyZip,ownerFirstName,ownerLastName,"
    "mortgageBalance,interestRate,monthlyPayment,marketValue,ARV,estimatedRent,latitude,longitude\n"
    "12 Sample St,Mesa,AZ,85201,Testa,Sampleton,182000,3.25%,1150,305000,340000,1900,33.41,"
    "-111.83\n"
    "14 Sample St,Mesa,AZ,85201,Ada,Fakely,96000,2.9%,780,288000,300000,1750,33.42,-111.84\n",
    {
        "propertyAddress": "line", "propertyCity": "city", "propertyState": "state",
        "propertyZip": "zip", "ownerFirstName": "owner_first", "ownerLastName": "owner_last",
        "mortgageBalance": "loan_balance_amount", "interestRate": "loan_rate_pct",
        "monthlyPayment": "loan_payment_amount", "marketValue": "est_value_amount",
        "ARV": "arv_amount", "estimatedRent": "rent_amount", "latitude": "latitude",
        "longitude": "longitude",
    },
)  # fmt: skip
AGENTS = Made(
    "House Number,Street Name,Apt,City,St,Zip,Company Name,Owner 2 First Name,Owner 2 Last Name,"
    "Agent Name,Agent Phone,Listing Status,List Price,Phone,Litigator,Do Not Mail\n"
    "12,Sample St,4B,Miami,FL,33101,Example Holdings LLC,Ada,Fakely,Rea Ltor,3055550199,Expired,"
    "400000,3055550101,No,No\n"
    "14,Sample St,,Miami,FL,33101,Invented Homes Inc,,,Rea Ltor,3055550199,Withdrawn,390000,"
    "3055550102,Yes,No\n",
    {
        "House Number": "house_number", "Street Name": "street_name", "Apt": "unit",
        "City": "city", "St": "state", "Zip": "zip", "Company Name": "company",
        "Owner 2 First Name": "co_owner_first", "Owner 2 Last Name": "co_owner_last",
        "Listing Status": "mls_status", "List Price": "mls_amount", "Phone": "phone_1",
        "Litigator": "litigator", "Do Not Mail": "do_not_mail",
    },
)  # fmt: skip
FIPS_ONLY = Made(
    "FIPS,APN,Owner1 Full Name,Situs Full Street Address,Situs City,Situs State,Situs ZIP,"
    "Last Sale Date,Last Sale Amount,Number of Units,Owner Occupied,Telephone Number,Date Added,"
    "Lead ID\n"
    "09009,12-3,Testa Sampleton,12 Sample St,New Haven,CT,06511,1/5/2004,120000,2,Yes,2035550101,"
    "6/1/2026,L-1\n"
    "09009,12-4,Ada Fakely,14 Sample St,New Haven,CT,06511,11/25/2014,180000,3,No,2035550102,"
    "6/1/2026,L-2\n",
    {
        "FIPS": "fips", "APN": "apn", "Owner1 Full Name": "owner_name",
        "Situs Full Street Address": "line", "Situs City": "city", "Situs State": "state",
        "Situs ZIP": "zip", "Last Sale Date": "last_sale_on",
        "Last Sale Amount": "last_sale_amount", "Number of Units": "units",
        "Owner Occupied": "owner_occupied", "Telephone Number": "phone_1",
        "Date Added": "listed_on", "Lead ID": "external_id",
    },
)  # fmt: skip
BARE = Made(
    "Name,Contact,Where,Reach\n"
    'Testa Sampleton,2035550101,"12 Sample St, New Haven, CT 06511",testa@example.com\n'
    'Ada Fakely,2035550102,"14 Sample St, New Haven, CT 06511",ada@example.com\n',
    {"Name": "owner_name", "Contact": "phone_1", "Where": "address", "Reach": "email_1"},
)
ASSESSOR = Made(
    "Parcel_ID_Alt,Deeded Owner,2nd Owner,Loc Number,Loc Street,Loc City,Loc Zip,Owner Addr 1,"
    "Owner City St Zip,Tot Assd Val,Appraised Val,Bldg SF,Land Acres,Eff Yr,Deed Date,Sale Amt,"
    "Use Desc,Delq Yr,Delq Amt Due,Homestead\n"
    '12-345-678,"SAMPLETON, TESTA M","SAMPLETON, ADA",12,Sample St,Macon,31201,9 Fake Ave,'
    '"Atlanta, GA 30301",88000,120000,1440,0.25,1978,03/14/2011,65000,Single Family Residence,'
    "2023,1820.55,N\n"
    '12-345-679,EXAMPLE HOLDINGS LLC,,14,Sample St,Macon,31201,PO Box 9,"Macon, GA 31201",91000,'
    "130000,1500,0.31,1980,11/02/2019,99000,Duplex,2022,640.10,N\n",
    {
        "Parcel_ID_Alt": "apn", "Deeded Owner": "owner_name", "2nd Owner": "co_owner_name",
        "Loc Number": "house_number", "Loc Street": "line", "Loc City": "city", "Loc Zip": "zip",
        "Owner Addr 1": "mailing_line", "Owner City St Zip": "mailing_address",
        "Tot Assd Val": "assessed_amount", "Appraised Val": "est_value_amount",
        "Bldg SF": "building_sqft", "Land Acres": "lot_acres", "Eff Yr": "effective_year_built",
        "Deed Date": "last_sale_on", "Sale Amt": "last_sale_amount", "Use Desc": "property_type",
        "Delq Yr": "tax_delinquent_year", "Delq Amt Due": "tax_delinquent_amount",
        "Homestead": "owner_occupied",
    },
)  # fmt: skip
CALLER = Made(
    "Contact Name;Mobile;Alt Phone;Home Phone;Personal Email;Subject Property;Subject City;"
    "Subject State;Subject Zip;Beds/Baths;Living Sqft;Est Equity;Est Mortgage Balance;"
    "Asking Price;Lead Source;Motivation;Tags;Date Created\n"
    "Testa Sampleton;(203) 555-0101;203-555-0102;;testa@example.com;12 Sample St;New Haven;CT;"
    "06511;3/2;1,240;$120,000;$90,000;$250,000;PPC;Divorce;hot|vacant;2026-05-01\n"
    "Ada Fakely;2035550103;;2035550104;ada@example.com;14 Sample St;New Haven;CT;06511;4/2;1,600;"
    "$80,000;$110,000;$310,000;Direct Mail;Tired landlord;;2026-05-02\n",
    {
        "Contact Name": "owner_name", "Mobile": "phone_1", "Alt Phone": "phone_2",
        "Home Phone": "phone_3", "Personal Email": "email_1", "Subject Property": "line",
        "Subject City": "city", "Subject State": "state", "Subject Zip": "zip",
        "Living Sqft": "building_sqft", "Est Mortgage Balance": "loan_balance_amount",
        "Tags": "lists", "Date Created": "listed_on",
    },
)  # fmt: skip
COURT = Made(
    "#\tCASE NO\tFILE DATE\tDEFENDANT\tPROP ADDR (FULL)\tPLAINTIFF\tATTY\tJUDGMENT AMT\t"
    "SALE DATE\tAPN#\tCNTY\tLATITUDE\tLONGITUDE\tOCCUPIED?\tYR BUILT\tSQFT\tBR\tBA\n"
    "1\t26-CV-100\t05/01/2026\tTESTA SAMPLETON\t12 Sample St, Mesa, AZ 85201\tExample Bank\t"
    "A. Lawyer\t182000.00\t08/15/2026\t123-45-678\tMaricopa\t33.41\t-111.83\tN\t1972\t1500\t3\t2\n"
    "2\t26-CV-101\t05/03/2026\tADA FAKELY\t14 Sample St, Mesa, AZ 85201\tExample Bank\t"
    "B. Lawyer\t96000.00\t08/22/2026\t123-45-679\tMaricopa\t33.42\t-111.84\tY\t1985\t1700\t4\t2\n",
    {
        "DEFENDANT": "owner_name", "PROP ADDR (FULL)": "address", "SALE DATE": "auction_on",
        "APN#": "apn", "CNTY": "county", "LATITUDE": "latitude", "LONGITUDE": "longitude",
        "OCCUPIED?": "owner_occupied", "YR BUILT": "year_built", "SQFT": "building_sqft",
        "BR": "bedrooms", "BA": "bathrooms",
    },
)  # fmt: skip
MADE = {name: value for name, value in list(globals().items()) if isinstance(value, Made)}
