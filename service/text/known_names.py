"""Names whose forms in Russian and English share no sound, and capitals that name nothing.

A hand-made table of the countries, capitals and bodies most frequent in wire news, with
the adjectives that Russian and English make of them. A row is one name: its key, then
beginnings of its forms (``-``) or whole words.
"""

_TABLE = """
usa      usa сша america- американ-
uk       uk britain- british великобритан- британ-
eu       eu ес евросоюз-
un       un оон
russia   russia- росси- рф
china    china chinese китай- китая китаю китае китаем китайц- кнр
germany  german- герман- фрг
france   france french франци- француз-
spain    spain spanish испан-
italy    ital- итал-
greece   greece greek- греци- греческ-
hungary  hungar- венгр- венгер-
sweden   swed- швед- швец-
norway   norway norweg- норвег- норвеж-
denmark  denmark danish дани- датск-
finland  finland finnish финлянд- финск-
swiss    swiss switzerland швейцар-
dutch    dutch netherland- нидерланд- голланд-
belgium  belgi- бельги-
austria  austria- австрии австрия австрию австрией австрийск-
australia australia- австрали-
poland   poland polish поляк- польш- польск-
czech    czech- чехи- чешск-
portugal portug- португал-
ukraine  ukrain- украин-
belarus  belarus- белорус- беларус-
georgia  georgia- грузи-
armenia  armenia- армени- армян-
azerbaijan azerbaijan- азербайджан-
moldova  moldov- молдав- молдов-
kazakhstan kazakh- казах-
turkey   turkey turkish turkiye турци- турецк-
israel   israel- израил-
palestine palestin- палестин-
syria    syria- сири-
iran     iran- иран-
iraq     iraq- ирак-
egypt    egypt- егип-
japan    japan- япон-
korea    korea- корея кореи корее корею корейск-
dprk     dprk кндр
vietnam  vietnam- вьетнам-
india    india- индии индия индию индией индийск-
mexico   mexic- мексик-
england  england english англи- английск- англичан-
scotland scotland scottish шотланд-
wales    wales welsh уэльс-
ireland  ireland irish ирланд-
iceland  iceland- исланд-
canada   canad- канад-
brazil   brazil- бразил-
argentina argentin- аргентин-
chile    chile- чили чилийск-
colombia colombia- колумби-
venezuela venezuel- венесуэл-
cuba     cuba cuban cubans куба кубе кубу кубы кубой кубин-
saudi    saudi- саудовск-
qatar    qatar- катар-
uae      uae emirat- оаэ эмират-
yemen    yemen- йемен-
lebanon  leban- ливан-
jordan   jordan- иордан-
afghanistan afghan- афган-
pakistan pakistan- пакистан-
thailand thai thailand- таиланд- тайск-
philippines philippin- filipin- филиппин-
indonesia indonesia- индонези-
malaysia malaysia- малайзи-
singapore singapor- сингапур-
myanmar  myanmar- мьянм-
mongolia mongolia- монгол-
uzbekistan uzbek- узбек-
kyrgyzstan kyrgyz- киргиз- кыргыз-
tajikistan tajik- таджик-
turkmenistan turkmen- туркмен-
latvia   latvia- латви- латыш-
lithuania lithuania- литв- литов-
estonia  estonia- эстон-
romania  romania- румын-
bulgaria bulgaria- болгар-
serbia   serb- серб-
croatia  croat- хорват-
bosnia   bosnia- босни-
slovenia slovenia- словени- словен-
slovakia slovak- словак- словац-
albania  albania- албан-
kosovo   kosov- косов-
ethiopia ethiopia- эфиоп-
nigeria  nigeria- нигери-
kenya    kenya- кени-
sudan    sudan- судан-
libya    libya- ливи-
algeria  algeria- алжир-
morocco  morocc- марокк-
tunisia  tunisia- тунис-
somalia  somali- сомали-
rsa      юар
ussr     ussr ссср
europe   europe- европ-
africa   africa- африк-
asia     asia- азия азии азию азиатск-
cyprus   cypr- кипр-
beijing  beijing пекин-
moscow   moscow москв- московск-
kyiv     kyiv kiev киев-
paris    paris париж-
rome     rome риме рима риму
vienna   vienna вена вене вену вены
brussels brussels брюссел-
london   london- лондон-
berlin   berlin- берлин-
madrid   madrid- мадрид-
minsk    minsk минск-
washington washington- вашингтон-
warsaw   warsaw варшав-
hague    hague гаага гааге гааги гаагск-
geneva   geneva женев-
jerusalem jerusalem иерусалим-
istanbul istanbul стамбул-
petersburg petersburg петербург-
tokyo    tokyo токио
seoul    seoul сеул-
tehran   tehran тегеран-
crimea   crimea- крым-
who      воз
imf      imf мвф
iaea     iaea магатэ
nato     nato нато
asean    asean асеан
apec     apec атэс
fbi      fbi фбр
cia      cia цру
nasa     nasa наса
iss      iss мкс
fed      fed фрс
mfa      mfa мид
sco      sco шос
csto     csto одкб
cis      cis снг
kremlin  kremlin кремл-
google   google гугл-
george   george джордж-
michael  michael майкл-
paul     paul pavel пол павел павла павлу павлом павле
peter    peter petr pyotr petro петр петра петру петром петре питер-
charles  charles karl чарльз- карл карла карлу карлом карле
james    james джеймс-
louis    louis луи
jesus    jesus иисус-
christ   christ христос христа
"""

NOT_NAMES = frozenset(
    """
    the a an in on at of and or but for to by with from as if it its he his she her they their we
    our you your this that these those there here when where while who what which why how not no
    all some many most more after before since until during according also however meanwhile
    president vice prime minister ministry secretary general party ambassador senator sen rep
    governor gov mayor judge justice chief officer official officials department committee council
    court supreme house senate congress state states federal government national republic
    republican republicans democrat democrats democratic party police army military air force
    navy united north south east west northern southern eastern western new old first second
    university school college institute center centre hospital church bank company corp inc ltd
    street road avenue city county district region province island river sea ocean lake mountain
    world international union association organization organisation agency news press photo
    mr mrs ms dr sir king queen prince princess pope professor prof director manager chairman
    former yesterday today still even like both under over through despite although though
    because now then so only last next earlier later instead perhaps just every another other
    such between among against without whether about besides moreover furthermore therefore
    nevertheless once both each any few several including following my me him them us
    doctor doctors research researcher researchers associate senior deputy foreign support
    presidential cognitive federation leader head chair chairwoman spokesman spokeswoman
    spokesperson executive founder analyst analysts expert experts scientist scientists economist
    study report member members commissioner envoy attorney lawyer lawyers parliament lawmakers
    ministers author coach striker midfielder goalkeeper defender champion actor actress singer
    composer physicist chemist mathematician biologist historian architect sculptor painter artist
    writer poet novelist journalist producer conductor pianist violinist drummer guitarist rapper
    cosmonaut astronaut academician surgeon footballer boxer skater wrestler swimmer driver pilot
    captain colonel major lieutenant sergeant admiral marshal
    january february march april may june july august september october november december jan feb
    mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday
    sunday god internet covid i im ive
    президент премьер министр министерство глава генеральный секретарь посол партия партии
    правительство правительства государственный государственной совет совета комитет комитета
    комитете федеральный федеральной федерации федерация республика республики республике область
    области край края город города район района университет институт суд суда дума думы госдума
    союз союза организация организации центр центра банк банка компания компании служба служб
    он она оно они это этот эта эти как так что где когда если но и а в на по с у о об от до за из
    к не ни мы вы я все всего его ее их по-видимому также однако кроме после перед согласно ранее
    при для без между сейчас теперь сегодня вчера завтра здесь там тогда потом уже еще только даже
    позже накануне впрочем среди вместе рядом наконец затем тем итак именно снова вновь благодаря
    вслед против через между вокруг губернатор депутат сенатор актер актриса певец певица режиссер
    журналист писатель спикер адвокат мэр футболист хоккеист тренер защитник вратарь чемпион
    чемпионка блогер экс россиянин россияне жители власти врачи ученые эксперт эксперты аналитик
    аналитики автор директор основатель лидер премьера президента министра посла главы
    лишь более менее около почти напомним отметим января февраля марта апреля мая июня июля августа
    сентября октября ноября декабря бог интернет новости фото видео источник председатель
    председателя председателю председателем замглавы замминистра замгендиректора заместитель
    заместителя гендиректор гендиректора главный главная ведущий старший доцент профессор
    профессора академик врач врача эпидемиолог вирусолог пульмонолог политолог экономист юрист
    адвоката депутата депутаты спикера губернатора министры сотрудники специалисты полиция
    полицейские следователи следствие прокуратура прокурор форвард нападающий полузащитник
    маркетплейс общество агентство агентства страны стран жителей будущему ученый исследователи
    исследование пресс-секретарь представитель представители официальный начальник начальника
    руководитель руководителя советник помощник замдиректора создатель разработчик композитор
    композитора физик химик математик биолог историк архитектор скульптор художник художника поэт
    писателя прозаик продюсер дирижер пианист скрипач гитарист рэпер космонавт астронавт хирург
    боксер фигурист фигуристка борец пловец водитель пилот капитан полковник майор лейтенант
    сержант адмирал маршал актера певца режиссера журналиста тренера
    """.split()
)
"""Words that stand in capitals without naming anyone: titles, offices, sentence starters."""


def _keys() -> tuple[dict[str, str], dict[str, str]]:
    whole: dict[str, str] = {}
    beginnings: dict[str, str] = {}
    for line in _TABLE.strip().splitlines():
        key, *forms = line.split()
        for form in forms:
            (beginnings if form.endswith("-") else whole)[form.rstrip("-").lower()] = key
    return whole, beginnings


_WHOLE, _BEGINNINGS = _keys()


def known_name(word: str) -> str | None:
    """The key of a well-known name's form in either language, or None.

    >>> known_name("великобритании"), known_name("british"), known_name("bezdetko")
    ('uk', 'uk', None)
    """
    if word in _WHOLE:
        return _WHOLE[word]
    lengths = range(min(len(word), 12), 2, -1)
    return next((_BEGINNINGS[word[:n]] for n in lengths if word[:n] in _BEGINNINGS), None)
