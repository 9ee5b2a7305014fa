"""Templates of wire bulletins in both languages, written for this project.

Each kind has the slots of its facts, then its wordings, ``headline | text``, in
English and in Russian. A slot's kind is ``n:3-40``, a whole number of that range,
``x:60-99.2``, a number with two decimals, or a key of ``NAMES``. ``{city:gen}`` and
``{city:prep}`` are the Russian genitive and prepositional. Every kind also has the
slots ``date``, ``up`` and ``weekday``.
"""

TEMPLATES: dict[str, tuple[dict[str, str], list[str], list[str]]] = {
    "stocks": (
        {"a": "x:2400-3900.2", "b": "x:0-3.2", "c": "x:900-1300.2", "d": "x:0-3.2"},
        [
            "Moscow stocks close {up} at {a} points | The MOEX Russia Index ended trading on {date} {up} {b}% at {a} points. The dollar-denominated RTS Index stood at {c} points, a change of {d}%. Turnover was in line with the average of the past month.",
            "MOEX index ends {weekday} at {a} | Russian shares finished the session on {date} with the main index at {a} points, {up} by {b} percent. RTS closed at {c}.",
        ],
        [
            "Рынок акций Москвы закрылся на уровне {a} пункта | Индекс Мосбиржи по итогам торгов {date} {up} на {b}% и составил {a} пункта. Долларовый индекс РТС составил {c} пункта, изменение {d}%. Оборот торгов соответствовал среднему за месяц.",
            "Индекс Мосбиржи завершил {weekday} на отметке {a} | Российский рынок акций завершил торги {date}: основной индекс {up} на {b} процента, до {a} пункта. РТС закрылся на отметке {c}.",
        ],
    ),
    "football": (
        {"team": "team", "rival": "team", "a": "n:0-5", "b": "n:0-4", "r": "n:2-34", "p": "n:8-70", "q": "n:8-70"},
        [
            "{team} {a}-{b} {rival} | {team} played {rival} in round {r} of the league on {date}. The match ended {a}-{b}. {team} now have {p} points, {rival} have {q}.",
            "{team} and {rival} finish {a}-{b} | The league match between {team} and {rival} ended with the score {a}-{b} on {date}. After {r} rounds the hosts have {p} points and the visitors {q} points.",
        ],
        [
            "«{team}» — «{rival}» {a}:{b} | «{team}» и «{rival}» встретились {date} в {r}-м туре чемпионата. Матч завершился со счётом {a}:{b}. У «{team:gen}» теперь {p} очков, у «{rival:gen}» — {q}.",
            "Матч «{team}» — «{rival}» завершился со счётом {a}:{b} | Встреча чемпионата между командами «{team}» и «{rival}» {date} закончилась со счётом {a}:{b}. После {r} туров хозяева набрали {p} очков, гости — {q} очков.",
        ],
    ),
    "weather": (
        {"city": "city", "a": "n:1-14", "b": "n:15-34", "w": "n:2-19", "p": "n:735-768", "h": "n:30-95"},
        [
            "Weather in {city} on {date} | Forecasters expect variable cloud in {city} on {date}. The temperature will be {a} degrees at night and {b} degrees in the daytime. Wind up to {w} metres per second, pressure {p} mm of mercury, humidity {h}%.",
            "{city}: up to {b} degrees expected on {date} | On {date} the thermometers in {city} will show up to {b} degrees, at night {a}. Wind gusts will reach {w} m/s and humidity {h} percent, the weather service said.",
        ],
        [
            "Погода в {city:prep} на {date} | {date} в {city:prep} ожидается переменная облачность, сообщают синоптики. Температура воздуха ночью {a} градусов, днём {b} градусов. Ветер до {w} метров в секунду, давление {p} мм ртутного столба, влажность {h}%.",
            "До {b} градусов ожидается в {city:prep} {date} | {date} столбики термометров в {city:prep} поднимутся до {b} градусов, ночью будет {a}. Порывы ветра достигнут {w} м/с, влажность — {h} процентов, сообщила метеослужба.",
        ],
    ),
    "lottery": (
        {"d": "n:1200-9800", "a": "n:1-9", "b": "n:10-19", "c": "n:20-29", "e": "n:30-39", "f": "n:40-49", "m": "n:2-900"},
        [
            "Winning numbers of draw {d} announced | The organisers of the state lottery have announced the results of draw {d}, held on {date}. The winning numbers are {a}, {b}, {c}, {e} and {f}. The jackpot of {m} million rubles was not won.",
            "Lottery: draw {d} results | Draw {d} of the lottery took place on {date}. Numbers drawn: {a}, {b}, {c}, {e}, {f}. The prize fund is {m} million rubles.",
        ],
        [
            "Объявлены выигрышные номера тиража {d} | Организаторы государственной лотереи объявили результаты тиража {d}, который состоялся {date}. Выпали номера {a}, {b}, {c}, {e} и {f}. Джекпот в размере {m} млн рублей не разыгран.",
            "Лотерея: итоги тиража {d} | Тираж {d} лотереи прошёл {date}. Выпавшие номера: {a}, {b}, {c}, {e}, {f}. Призовой фонд составляет {m} миллионов рублей.",
        ],
    ),
    "court": (
        {"person": "person", "city": "city", "y": "n:2-19", "f": "n:100-950", "art": "n:105-290"},
        [
            "Court in {city} sentences {person} to {y} years | A court in {city} on {date} sentenced {person} to {y} years in prison and a fine of {f} thousand rubles under Article {art} of the Criminal Code. The defence intends to appeal the verdict.",
            "{person} gets {y} years in prison | {person} was found guilty by a {city} court and will spend {y} years in a penal colony, the court's press service said on {date}. The fine is {f},000 rubles.",
        ],
        [
            "Суд в {city:prep} приговорил {person:gen} к {y} годам | Суд в {city:prep} {date} приговорил {person:gen} к {y} годам колонии и штрафу в {f} тысяч рублей по статье {art} УК. Защита намерена обжаловать приговор.",
            "{person}: {y} лет колонии | Суд в {city:prep} признал виновным фигуранта по имени {person} и назначил {y} лет колонии, сообщила {date} пресс-служба суда. Штраф составит {f} 000 рублей.",
        ],
    ),
    "cases": (
        {"region": "region", "a": "n:101-2900", "b": "n:2-99", "c": "n:90-2500", "t": "n:30000-900000"},
        [
            "{region} reports {a} new coronavirus cases | {region} confirmed {a} new cases of coronavirus in the past 24 hours, the operational headquarters said on {date}. {b} people died and {c} recovered. The total number of cases since the start of the pandemic has reached {t}. Residents are reminded to wear masks in public places and to get vaccinated. Doctors say the situation is under control, hospitals have spare beds and the supply of medicines is sufficient.",
            "Coronavirus in {region}: {a} infected, {b} dead in a day | As of {date}, {a} people fell ill with COVID-19 in {region} over the day, {b} patients died, {c} were discharged. In all {t} cases have been registered.",
        ],
        [
            "{region}: выявлено {a} новых случаев коронавируса | За сутки в регионе {region} подтверждено {a} новых случаев коронавируса, сообщил {date} оперативный штаб. Умерли {b} человек, выздоровели {c}. Всего с начала пандемии выявлено {t} случаев. Жителям напоминают о необходимости носить маски в общественных местах и пройти вакцинацию. По словам врачей, ситуация под контролем, в больницах есть свободные койки, запас лекарств достаточен.",
            "Коронавирус, {region}: за сутки заболели {a}, умерли {b} | По состоянию на {date} за сутки COVID-19 заболели {a} человек ({region}), скончались {b} пациентов, выписаны {c}. Всего зарегистрировано {t} случаев.",
        ],
    ),
    "drones": (
        {"region": "region", "a": "n:2-90", "h": "n:1-11", "b": "n:1-9"},
        [
            "Air defence shoots down {a} drones over {region} | Air defence systems shot down {a} unmanned aerial vehicles over {region} on the night of {date}, the governor said. Debris damaged {b} houses. According to preliminary data, nobody was hurt.",
            "{a} drones destroyed over {region} overnight | {a} drones were destroyed over {region} in the early hours of {date}, local authorities report. {b} private houses were damaged by falling debris; there are no casualties.",
        ],
        [
            "ПВО сбила {a} беспилотников, {region} | Средства ПВО в ночь на {date} сбили {a} беспилотных летательных аппаратов над регионом {region}, сообщил губернатор. Обломками повреждены {b} домов. По предварительным данным, никто не пострадал.",
            "Ночью уничтожены {a} беспилотников ({region}) | {a} беспилотников уничтожены в ночь на {date} над регионом {region}, сообщают местные власти. Повреждены {b} частных домов, на которые упали обломки; пострадавших нет.",
        ],
    ),
    "oil": (
        {"a": "x:55-120.2", "b": "x:50-115.2", "c": "x:0-4.2"},
        [
            "Brent oil trades at ${a} a barrel | Brent crude futures traded at ${a} a barrel on {date}, {up} {c}%. West Texas Intermediate stood at ${b}. Traders await data on United States stocks.",
            "Oil {up}: Brent at ${a} | The price of Brent crude was ${a} per barrel on {date}, a move of {c} percent; WTI cost ${b} per barrel.",
        ],
        [
            "Нефть Brent торгуется по {a} доллара за баррель | Фьючерсы на нефть Brent {date} торговались по {a} доллара за баррель ({up} на {c}%). Нефть WTI стоила {b} доллара. Трейдеры ждут данных о запасах в США.",
            "Нефть: Brent по ${a} | Цена нефти Brent {date} составила {a} доллара за баррель, изменение {c} процента; WTI стоила {b} доллара за баррель.",
        ],
    ),
    "crash": (
        {"city": "city", "a": "n:2-9", "b": "n:10-40", "k": "n:11-880"},
        [
            "{a} killed in bus crash near {city} | {a} people were killed and {b} injured when a bus collided with a truck at kilometre {k} of the highway near {city} on {date}, the emergencies ministry said. The cause of the accident is being established.",
            "Bus and truck collide near {city}, {a} dead | A collision of a bus and a truck near {city} claimed {a} lives on {date}; {b} people were taken to hospital, rescuers said.",
        ],
        [
            "{a} человек погибли в ДТП с автобусом близ {city:gen} | {a} человек погибли и {b} пострадали при столкновении автобуса с грузовиком на {k}-м километре трассы близ {city:gen} {date}, сообщили в МЧС. Причины аварии устанавливаются.",
            "Автобус и грузовик столкнулись близ {city:gen}, погибли {a} | Жертвами столкновения автобуса и грузовика близ {city:gen} {date} стали {a} человек, ещё {b} доставлены в больницы, сообщили спасатели.",
        ],
    ),
    "turnout": (
        {"region": "region", "a": "x:8-70.2", "b": "n:200-3900", "h": "n:10-19"},
        [
            "Turnout in {region} is {a}% by {h}:00 | Turnout in the election in {region} was {a} percent as of {h}:00 on {date}, the election commission reported. {b} polling stations are open. No serious violations have been registered.",
        ],
        [
            "Явка, {region}: {a}% к {h}:00 | Явка на выборах ({region}) составила {a} процента по состоянию на {h}:00 {date}, сообщили в избирательной комиссии. Открыты {b} участков. Серьёзных нарушений не зарегистрировано.",
        ],
    ),
    "obituary": (
        {"person": "person", "job": "job", "age": "n:49-99", "city": "city"},
        [
            "{job} {person} dies at {age} | {job} {person} has died at the age of {age}, the family said on {date}. The farewell ceremony will be held in {city}.",
            "{person}, {job}, has died | The {job} {person} died in {city} on {date} aged {age}, relatives told reporters.",
        ],
        [
            "Умер {job} {person} | {job} {person} скончался на {age}-м году жизни, сообщила {date} семья. Церемония прощания пройдёт в {city:prep}.",
            "Скончался {person} | {date} в {city:prep} в возрасте {age} лет умер {job} {person}, рассказали журналистам родственники.",
        ],
    ),
    "tennis": (
        {"person": "person", "rival": "person", "city": "city", "a": "n:0-6", "b": "n:0-6", "c": "n:0-6"},
        [
            "{person} beats {rival} in {city} | {person} defeated {rival} 6-{a}, {b}-6, 6-{c} in the second round of the tournament in {city} on {date}. In the next round the winner meets the first seed.",
            "Tennis: {person} through in {city} | {person} reached the next round in {city} with a 6-{a}, {b}-6, 6-{c} victory over {rival} on {date}.",
        ],
        [
            "{person}: победа во втором круге турнира, {city} | Во втором круге турнира в {city:prep} {date} {person} победил соперника по имени {rival} со счётом 6:{a}, {b}:6, 6:{c}. В следующем круге победитель сыграет с первой ракеткой турнира.",
            "Теннис: {person} вышел в следующий круг в {city:prep} | {person} вышел в следующий круг турнира в {city:prep}, обыграв {rival:gen} 6:{a}, {b}:6, 6:{c} {date}.",
        ],
    ),
    "earnings": (
        {"company": "company", "a": "x:1-400.1", "b": "x:0-60.1", "c": "n:2-45"},
        [
            "{company} quarterly profit at {a} billion rubles | {company} reported a net profit of {a} billion rubles for the quarter under international standards, {up} {c}% from a year earlier. Revenue amounted to {b} billion rubles, the company said on {date}.",
            "{company} posts {a} bln rubles in profit | Net profit of {company} amounted to {a} billion rubles in the quarter, the report published on {date} says. It is {up} {c} percent year on year.",
        ],
        [
            "Чистая прибыль {company:gen} за квартал составила {a} млрд рублей | {company}: чистая прибыль за квартал по МСФО составила {a} млрд рублей ({up} на {c}% по сравнению с прошлым годом). Выручка составила {b} млрд рублей, сообщила {date} компания.",
            "{company} отчитался о прибыли в {a} млрд рублей | Чистая прибыль {company:gen} в квартале составила {a} миллиарда рублей, говорится в отчёте, опубликованном {date}. Это {up} на {c} процентов год к году.",
        ],
    ),
    "road": (
        {"city": "city", "a": "n:1-9", "b": "n:10-23", "k": "n:1-30"},
        [
            "Traffic restricted in {city} until {date} | Traffic will be restricted on {k} streets in {city} from {a}:00 to {b}:00 until {date} because of repairs, the transport department said. Drivers are asked to choose detours in advance.",
        ],
        [
            "Движение в {city:prep} ограничат до {date} | Движение транспорта ограничат на {k} улицах в {city:prep} с {a}:00 до {b}:00 до {date} из-за ремонта, сообщил департамент транспорта. Водителей просят заранее выбирать пути объезда.",
        ],
    ),
    "tremor": (
        {"city": "city", "m": "x:3-7.1", "k": "n:7-290", "d": "n:5-400"},
        [
            "Quake of magnitude {m} recorded {k} km from {city} | A magnitude {m} earthquake was recorded {k} kilometres off {city} on {date}, the geological survey said. The focus was at a depth of {d} kilometres.",
            "Tremors near {city} | Residents of {city} felt an earthquake on {date}. The magnitude was {m}, the epicentre lay {k} km away at a depth of {d} km. No damage has been reported.",
        ],
        [
            "Землетрясение магнитудой {m} зафиксировали в {k} км от {city:gen} | Землетрясение магнитудой {m} зафиксировано {date} в {k} километрах от {city:gen}, сообщила геологическая служба. Очаг находился на глубине {d} километров.",
            "Подземные толчки близ {city:gen} | Жители {city:gen} {date} ощутили землетрясение. Магнитуда составила {m}, эпицентр находился в {k} км на глубине {d} км. О разрушениях не сообщается.",
        ],
    ),
    "rate": (
        {"a": "x:60-110.2", "b": "x:70-120.2", "c": "x:8-15.2"},
        [
            "Official exchange rates for {date} | The dollar will cost {a} rubles on {date}, the central bank said. The euro is set at {b} rubles and the yuan at {c} rubles.",
            "Ruble: dollar at {a}, euro at {b} | The official rate of the dollar against the ruble is {a} for {date}, that of the euro {b}, of the yuan {c}.",
        ],
        [
            "Официальные курсы валют на {date} | Доллар {date} будет стоить {a} рубля, сообщил Центробанк. Курс евро установлен на уровне {b} рубля, юаня — {c} рубля.",
            "Рубль: доллар — {a}, евро — {b} | Официальный курс доллара к рублю на {date} составляет {a}, евро — {b}, юаня — {c}.",
        ],
    ),
}

NAMES: dict[str, list[tuple[str, str, str, str]]] = {
    "city": [
        ("Tokyo", "Токио", "Токио", "Токио"), ("Lima", "Лима", "Лимы", "Лиме"),
        ("Manila", "Манила", "Манилы", "Маниле"), ("Ankara", "Анкара", "Анкары", "Анкаре"),
        ("Athens", "Афины", "Афин", "Афинах"), ("Tashkent", "Ташкент", "Ташкента", "Ташкенте"),
        ("Tbilisi", "Тбилиси", "Тбилиси", "Тбилиси"), ("Yerevan", "Ереван", "Еревана", "Ереване"),
        ("Kazan", "Казань", "Казани", "Казани"), ("Samara", "Самара", "Самары", "Самаре"),
        ("Jakarta", "Джакарта", "Джакарты", "Джакарте"), ("Santiago", "Сантьяго", "Сантьяго", "Сантьяго"),
        ("Berlin", "Берлин", "Берлина", "Берлине"), ("Vienna", "Вена", "Вены", "Вене"),
        ("Minsk", "Минск", "Минска", "Минске"), ("Omsk", "Омск", "Омска", "Омске"),
        ("Delhi", "Дели", "Дели", "Дели"), ("Cairo", "Каир", "Каира", "Каире"),
        ("Lisbon", "Лиссабон", "Лиссабона", "Лиссабоне"), ("Bishkek", "Бишкек", "Бишкека", "Бишкеке"),
        ("Irkutsk", "Иркутск", "Иркутска", "Иркутске"), ("Sochi", "Сочи", "Сочи", "Сочи"),
    ],
    "region": [
        ("Belgorod Region", "Белгородская область", "Белгородской области", "Белгородской области"),
        ("Kursk Region", "Курская область", "Курской области", "Курской области"),
        ("Rostov Region", "Ростовская область", "Ростовской области", "Ростовской области"),
        ("Bryansk Region", "Брянская область", "Брянской области", "Брянской области"),
        ("Crimea", "Крым", "Крыма", "Крыму"), ("Tatarstan", "Татарстан", "Татарстана", "Татарстане"),
        ("Moscow Region", "Московская область", "Московской области", "Московской области"),
        ("Buryatia", "Бурятия", "Бурятии", "Бурятии"), ("Dagestan", "Дагестан", "Дагестана", "Дагестане"),
        ("Georgia", "Грузия", "Грузии", "Грузии"), ("Bulgaria", "Болгария", "Болгарии", "Болгарии"),
        ("Kazakhstan", "Казахстан", "Казахстана", "Казахстане"), ("Serbia", "Сербия", "Сербии", "Сербии"),
    ],
    "team": [
        ("Zenit", "Зенит", "Зенита", ""), ("Spartak", "Спартак", "Спартака", ""),
        ("Arsenal", "Арсенал", "Арсенала", ""), ("Juventus", "Ювентус", "Ювентуса", ""),
        ("Porto", "Порту", "Порту", ""), ("Dynamo", "Динамо", "Динамо", ""),
        ("Krasnodar", "Краснодар", "Краснодара", ""), ("Valencia", "Валенсия", "Валенсии", ""),
        ("Rubin", "Рубин", "Рубина", ""), ("Lokomotiv", "Локомотив", "Локомотива", ""),
        ("Sevilla", "Севилья", "Севильи", ""), ("Ajax", "Аякс", "Аякса", ""),
        ("Celtic", "Селтик", "Селтика", ""), ("Fenerbahce", "Фенербахче", "Фенербахче", ""),
    ],
    "person": [
        ("Ivan Petrenko", "Иван Петренко", "Ивана Петренко", ""),
        ("Sergei Malyshev", "Сергей Малышев", "Сергея Малышева", ""),
        ("Andrei Kuznetsov", "Андрей Кузнецов", "Андрея Кузнецова", ""),
        ("Marek Novak", "Марек Новак", "Марека Новака", ""), ("Pablo Herrera", "Пабло Эррера", "Пабло Эрреры", ""),
        ("Thomas Weber", "Томас Вебер", "Томаса Вебера", ""), ("Artur Hakobyan", "Артур Акопян", "Артура Акопяна", ""),
        ("Giorgi Lomidze", "Георгий Ломидзе", "Георгия Ломидзе", ""), ("Dmitry Shubin", "Дмитрий Шубин", "Дмитрия Шубина", ""),
        ("Luca Moretti", "Лука Моретти", "Луки Моретти", ""), ("Viktor Zaitsev", "Виктор Зайцев", "Виктора Зайцева", ""),
        ("Oleg Tarasov", "Олег Тарасов", "Олега Тарасова", ""), ("Jan Kowalski", "Ян Ковальский", "Яна Ковальского", ""),
        ("Rashid Aliyev", "Рашид Алиев", "Рашида Алиева", ""),
    ],
    "company": [
        ("Gazprom", "Газпром", "Газпрома", ""), ("Rosneft", "Роснефть", "Роснефти", ""),
        ("Sberbank", "Сбербанк", "Сбербанка", ""), ("Severstal", "Северсталь", "Северстали", ""),
        ("Aeroflot", "Аэрофлот", "Аэрофлота", ""), ("Yandex", "Яндекс", "Яндекса", ""),
        ("Magnit", "Магнит", "Магнита", ""), ("Lukoil", "Лукойл", "Лукойла", ""),
        ("Alrosa", "Алроса", "Алросы", ""), ("Tatneft", "Татнефть", "Татнефти", ""),
    ],
    "job": [
        ("Actor", "актёр", "", ""), ("Composer", "композитор", "", ""), ("Film director", "режиссёр", "", ""),
        ("Writer", "писатель", "", ""), ("Footballer", "футболист", "", ""), ("Physicist", "физик", "", ""),
    ],
    "up": [("up", "вырос", "", ""), ("down", "снизился", "", ""), ("higher", "повысился", "", ""), ("lower", "упал", "", "")],
    "weekday": [
        ("Monday", "понедельник", "", ""), ("Tuesday", "вторник", "", ""), ("Wednesday", "среду", "", ""),
        ("Thursday", "четверг", "", ""), ("Friday", "пятницу", "", ""),
    ],
    "month": [
        ("January", "января", "", ""), ("February", "февраля", "", ""), ("March", "марта", "", ""),
        ("April", "апреля", "", ""), ("May", "мая", "", ""), ("June", "июня", "", ""), ("July", "июля", "", ""),
        ("August", "августа", "", ""), ("September", "сентября", "", ""), ("October", "октября", "", ""),
        ("November", "ноября", "", ""), ("December", "декабря", "", ""),
    ],
}
"""English, Russian nominative, genitive, prepositional."""
