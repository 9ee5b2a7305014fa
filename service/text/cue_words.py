"""The words of cues: what a headline says happened, in a table that one can read and extend.

A word stands for itself; with ``*`` it stands for all words that begin so. All entries
that fit a word count. Stems that begin other words too are spelled out: «начальник» is no
beginning, and a window nobody's win.
"""

from typing import NamedTuple


class Axis(NamedTuple):
    """Two poles, of which one event takes one: it opens or it closes."""

    name: str
    up: str
    down: str


AXES = (
    Axis(
        "rise or fall",
        """rise rises rose risen rising raise* increas* grow grows grew growth growing gain
        gains gained jump jumps jumped surge surges surged surging soar* climbs climbed
        climbing higher hike hikes hiked boosts boosted rallies rallied strengthen* вырос*
        вырас* выраст* растет растут рост роста росту росте ростом увелич* повыс* повыш*
        подорож* возрос* подскоч* прибавил* укрепил* укрепля* поднял* подним* зрос* збільш*
        підвищ* павял* павыс* повиши* повишав* нараст*""",
        """fall falls fell fallen falling drop drops dropped declin* decreas* cut cuts
        cutting reduc* lower lowers lowered plung* slump* tumbl* slip slips slipped sink*
        weaken* slash* shrink* shrank dip dips dipped упал* упаде* падает падают паден*
        сниз* сниж* уменьш* сократ* сокращ* подешев* ослаб* обвал* рухну* опустил* опуска*
        впав впала впали падінн* знизи* знижу* зменш* знізі* зменшы* намал* спадна*""",
    ),
    Axis(
        "win or lose",
        """win wins won winning victory victories beat beats beaten defeat defeats defeated
        triumph* thrash* победил* победит победят победа победу победы победой победи
        побежд* обыгра* выигр* вигра* одолел* разгром* перемог* обіграл* перамог* перамаг*
        спечел*""",
        """lose loses lost losing проигр* уступил* уступа* поражен* програ* поразк* прайгр*
        паражэн* загуб*""",
    ),
    Axis(
        "open or close",
        """open opens opened opening reopen* unblock* unlock* lift lifts lifted lifting ease
        eases eased easing allow* permit* relax* waiv* unban* legalis* legaliz* отмен*
        откры* откроет* откроют* разблокир* снял сняла сняли снять сняты снятие снятии
        смягч* разреш* позвол* відкри* адкры* отвор* отвар* дозвол* дазвол* разреша*""",
        """close closes closed closing closure* shut shuts shutting shutdown* block blocks
        blocked blocking impose imposes imposed imposing bans banned banning prohibit*
        tighten* forbid* outlaw* закры* закроет* закроют* перекры* заблокир* блокир* введ*
        ввел* вводит* вводят запретил* запреща* запрещ* ужесточ* закри* зачын* затвор*
        затвар* заборонил* забороня* забаран* забран*""",
    ),
    Axis(
        "approve or reject",
        """approv* pass passes passed adopt* accept* backs backed agree agrees agreed
        agreement ratif* endors* supports supported sign signs signed одобр* принял* принят*
        примет примут согласил* согласен согласна согласны согласие соглаша* соглашение
        соглашения поддерж* утвердил* утвержден* ратифиц* подписал* подписан* подпишет
        схвал* прийня* ухвал* підтрим* прыня* падтрым* одобрил*""",
        """reject* refus* veto* rebuff* opposes opposed dismiss* отклон* отказ* отверг* вето
        ветир* відмов* відхил* адмов* адхіл* отхвърл*""",
    ),
    Axis(
        "guilty or not",
        """guilty convict* conviction* виновн* виновен* виноват* осужд* осуди* винним винною
        винув* вінава*""",
        """acquit* exonerat* innocent* невиновн* невиновен оправда* невинн* виправда*
        невінава* апраўда*""",
    ),
    Axis(
        "begin or end",
        """begin begins beginning began begun start starts started starting launch* resum*
        restart* начал начала начали начало началось началась начался начались начнет*
        начнут* начать начина* стартовал* стартует стартуют запуст* запуска* запущ*
        возобнов* почав почал* розпоч* пачал* пача* започ*""",
        """end ends ended ending finish* stop stops stopped stopping halt* suspend*
        suspension cancel* cease ceases ceased ceasefire scrap scraps scrapped abandon*
        postpon* законч* заверш* окончил* окончен* окончани* прекрат* прекращ* остановил*
        остановлен* остановит приостан* отмен* перенес* перенос* зупин* призупин* скасув*
        спыні* скасав* спря спряха отлож*""",
    ),
    Axis(
        "seize or release",
        """arrest* detain* detention jail jailed imprison* custody seiz* kidnap* captur*
        арест* задержан* задержал* похит* похищ* захват* захвач* стражу затрим* заарешт*
        затрым* арышт* задърж*""",
        """releas* free frees freed freeing bail освобо* отпуст* отпущ* звільн* вызвал* освобож*""",
    ),
    Axis(
        "come or go",
        """join joins joined joining appoint* hire hires hired return returns returned
        returning arriv* enter enters entered elected назнач* вернул* вернет* возвращ*
        прибыл прибыла прибытие прибывает вступил* присоедин* вошел вошла вошли призначи*
        повернув* поверне* прызнач* вярну* назначи* завърн*""",
        """leave leaves left leaving quit quits quitting resign* departs departed departure
        exit exits exited withdraw* withdrew sack sacks sacked fired oust* expel* expuls*
        покин* покида* уволен* уволил* уволь* увольн* ушел ушла ушли уйдет уходит уходят
        отстав* отстран* выслал* высыл* залиш* відстав* пакіну* адстаў* напус* уволн*""",
    ),
    Axis(
        "confirm or deny",
        """confirm* admit admits admitted acknowledg* подтверд* подтвержд* признался
        призналась признались підтверд* пацверд* потвър*""",
        """deny denies denied denying denial* refut* rebut* rubbishes debunk* disput*
        опроверг* опроверж* отрица* спросту* абверг* абвярг* опровер*""",
    ),
    Axis(
        "live or die",
        """surviv* recover* rescu* saves saved born выжил* выжив* спасли спасен* спасл*
        выздор* родил* врятув* одуж* выратав* оцел*""",
        """die dies died dead deadly death deaths dying kill kills killed killing killings
        murder* fatal* умер умерла умерли умира* скончал* погиб* смерт* убит* убил* убий*
        гибел* помер* загину* памер* загіну* почина загина*""",
    ),
    Axis(
        "plus or minus",
        """profit profits profitable surplus* positive прибыль прибыли прибылью прибыльн*
        профицит* положительн* прибут* прыбыт* печалба*""",
        """loss losses deficit* negative убыт* дефицит* отрицательн* збит* втрат* страты""",
    ),
)

SIGNS: tuple[tuple[str, str], ...] = (
    ("negated", ""),
    (
        "ahead",
        """preview* ahead forecast* predict* expect expects expected plans planned planning
        tomorrow intend* aims wants prepar* prospect* lineup lineups odds reportedly
        прогноз* ожида* планир* планы собира* намерен* накануне завтра предстоящ* готовит*
        готовят* хочет хотят обеща* вероятн* возможн* пройдет состоится выйдет выйдут станет
        станут покажет сыграет планує* плануе* очаква*""",
    ),
    (
        "court",
        """court courts trial trials charged charges lawsuit* sue sues sued suing appeal*
        hearing prosecut* indict* sentenc* verdict* суд суда суде судом суду судеб* обвин*
        иск иска приговор* апелляц* прокур* подсуд* вирок* звинувач* прысуд* абвінав* съд
        съда съдът присъд*""",
    ),
    (
        "voice",
        """tells told react reacts reaction* comment comments commented responds response
        slams praises urges insists admits сказал* заявил* рассказал* прокоммент* комментар*
        считает считают ответил* отреагир* объяснил* оценил* призвал* раскритик* розпов*
        заявив сказав прокамент* коментир*""",
    ),
    (
        "explains",
        """why how explain explained explainer analysis opinion column columnist editorial
        review* quiz guide* top tips things reasons lessons ranking* ratings should почему
        как зачем мнение колонка обзор* рецензи* анализ* разбор* рейтинг* топ лучшие лучших
        инструкц* советы стоит чому думка огляд* чаму защо""",
    ),
    (
        "round-up",
        """live updates update blog liveblog roundup digest* briefing headlines recap
        highlights rolling bulletin glance онлайн трансляц* дайджест* главное хроника
        хроник* сводка сводки итоги коротко""",
    ),
    (
        "recurring",
        """horoscope* zodiac* astrolog* crossword* lottery weather birthday podcast*
        newsletter* shareware freeware гороскоп* зодиак* астролог* лотере* погод* кроссворд*
        тест тесты приметы именин* анекдот* подкаст* надвор* времето""",
    ),
    (
        "toll",
        """killed dead toll injured wounded missing hospitalised hospitalized evacuated
        counted ballots precincts погибли погибло погибших погибшими ранены раненых ранено
        пострадали пострадало госпитализиров* эвакуиров* пропавш* протоколов бюллетеней
        подсчет* загинули загиблих поранен* постраждал* загинула параненых загинаха
        загиналите ранени""",
    ),
    (
        "acts",
        """accus* beat beats beaten defeat defeats defeated thrash* buys bought acquir* купит
        купят sues sued attack* invade* invasion warn warns warned threaten* criticis* criticiz*
        blame* slam slams slammed mock mocks mocked praise praises praised thank thanks thanked
        asks asked urges urged replace* succeeds overtak* visits visited sells sold helps helped
        killed kills murdered shot stabbed betray* backs backed endors* обвин* обыграл*
        разгромил* купил* покупа* приобр* атаков* атаку* напал* вторг* предупре* пригрози*
        угрожа* критик* раскритик* похвалил* поблагодар* попросил* призвал* сменил* заменил*
        обогнал* посетил* посещ* продал* продае* помог* убил* ударил* поддержал* звинувати*
        купив* абвінав* купува* обвини*""",
    ),
    ("passive", "by"),
)
"""Cues without an opposite.

``negated`` is a negation that turned no pole round; ``acts`` what one does to another who
could do the same to him; ``toll`` what grows while an event goes on.
"""

NEGATIONS = """not no never without none nor neither cannot fail fails failed не нет ни без никогда
нельзя немає ніколи няма ніколі"""

DAILY = """daily weekly hourly cases сутки суточн* случаев случай добу выпадкаў денонощие"""
"""Beside these a toll is counted anew each day, and does not grow."""
