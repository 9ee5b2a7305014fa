"""An invented series: forty items of one outlet under one label, and what is written below them."""

LABEL = "Harbour Games Latest"
OUTLET = "The Velmora Post"
DESCRIPTION = (
    "Follow our live coverage of the Harbour Games with news, results and reaction from all "
    "venues, every day from seven in the morning."
)
HEADLINES = (
    "Dutch cyclist Pieter Maas wins road race",
    "Women's marathon moved to dawn because of heat",
    "Swimmer Aiko Tanabe breaks 200-metre record",
    "Two judokas sent home after positive tests",
    "Hockey final sold out within an hour",
    "Archer Lena Orsk qualifies despite injured shoulder",
    "Volunteers complain about night shifts",
    "Kayak course closed after storm",
    "Boxing judges replaced in middle of tournament",
    "Norway protests against relay result",
    "Opening ceremony watched by nine million",
    "Gymnast Ivo Sarnel withdraws from all-around final",
    "Fencing team stranded at Karstad airport",
    "Mascot thief caught in Ostrel",
    "Ticket prices for athletics halved",
    "Weightlifter Tomas Grell lifts 210 kilograms",
    "Rowing regatta starts without Britain",
    "Table tennis champion loses to schoolboy",
    "Athletes' village runs out of bread",
    "Sailing medals decided in last gust",
    "Sprinter disqualified for second false start",
    "Ferry timetable changed for spectators",
    "Wrestler carries flag at closing ceremony",
    "Beach volleyball pair reunited after quarrel",
    "Rain washes out tennis semifinals",
    "Diver Ana Brusek scores perfect ten",
    "Doctors treat 60 for sunstroke",
    "Cuba wins first gold in shooting",
    "Basketball coach resigns after defeat",
    "King visits equestrian centre",
    "Skateboarder aged 13 takes silver",
    "Police search bus of handball team",
    "Triathlon swim cancelled over water quality",
    "Golf returns after twelve years",
    "Badminton player apologises for gesture",
    "Power cut darkens velodrome",
    "Surfers wait for waves at Sorrow Bay",
    "Stadium roof leaks before long jump",
    "Refugee team gets standing ovation",
    "Bid for next Games opens in Halvik",
)
