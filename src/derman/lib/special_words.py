"""The words by which `special_categories` notices sensitive personal data, by language.

A word with * stands for every word that begins so (Turkish endings); words are compared folded.
What a place, a street or a thing of everyday utility business is called is left out on purpose:
hospitals, health centres, mosques, prisons, an oxygen valve, "hasta" alone, Roman, Rum, Vakıf as
in the bank. A missed word costs little, for the person still decides what to send; a warning that
comes at every second complaint is no longer read.
"""

from collections.abc import Mapping

RELATIVES = (
    "annem babam eşim oğlum kızım çocuğum bebeğim kardeşim ablam abim ağabeyim teyzem amcam halam"
    " dayım dedem babaannem anneannem ninem kayınvalidem kayınpederim torunum evde yatalak"
)

TURKISH: Mapping[str, str] = {
    "health": """
        hastayım; hastayız; hastam; hastamız; hastamızın; hastanın ilacı; hastalık*; hastalığ*
        hasta var; hasta yatıyor; hasta bakıyor*; hastalandı*; şeker hastası; kalp hastası
        böbrek hastası; astım hastası; kanser*; diyaliz*; astımım*; astımlı*; astımı var; koah
        epilepsi*; sara hastası; kalp krizi*; kalp yetmezliğ*; böbrek yetmezliğ*; yüksek tansiyon*
        tansiyon hastası; solunum cihaz*; oksijen cihaz*; oksijen konsantratör*; ventilatör*
        ev tipi oksijen; ameliyat ol*; ameliyat edil*; ameliyatlı*; hamile*; gebeyim; gebeliğ*
        düşük yaptı*; depresyon*; psikiyatr*; psikolojik tedavi*; panik atak*; antidepresan*
        şizofren*; otizm*; otistik*; down sendrom*; engelliyim; engelli çocuğ*; engelli oğlum
        engelli kızım; engelli annem; engelli babam; engelli eşim; engelli raporu*
        engelliler raporu*; alzheimer*; demans*; parkinson*; felçli*; felç geçir*; yatalak*
        covid oldu*; covid geçir*; covid hasta*; covid pozitif*; hiv; aids; hepatit*
        verem hastası; veremli*; verem oldu*; kan grubu*; kürtaj*; tedavi görüyor*; kemoterapi*
        insülin*
    """,
    "religion": """
        müslümanım; müslümanız; müslüman*; hristiyan*; hıristiyan*; yahudi*; musevi*; sünni*
        aleviyim; aleviyiz; aleviler*; alevilik*; alevi oldu*; alevi vatandaş*; alevi inan*; şii
        caferiyim; hanefiyim; şafii*; budist*; yezidi*; ezidi*; dini inanc*; dini inanç*; dinim
        inancım gereği; inancımız gereği; mezheb*; mezhep*; tarikat*; dindarım; dindarız
        namaz kıl*; namazımı*; oruç tut*; oruçluy*; orucum*; cemaat mensub*
    """,
    "philosophical_belief": """
        ateist*; deist*; agnostik*; felsefi inanç*; felsefi inanc*; felsefi görüş*; dünya görüşüm*
        vicdani ret*; vicdani redd*; mason*
    """,
    "political_opinion": """
        siyasi görüş*; siyasi düşünce*; siyasi kimliğ*; siyasi parti üye*; parti üyesi*
        partiliyim; partiliyiz; oy verdim; oy vermedim; oy verdiğim*; oyumu; ak partili*; akp
        akpli*; chp; chpli*; mhp; mhpli*; hdp; hdpli*; iyi partili*; dem partili*; saadet partili*
        solcu*; sağcı*; komünist*; sosyalist*; ülkücü*; milliyetçiy*; devrimciy*
    """,
    "ethnic_origin": """
        kürt oldu*; kürt vatandaş*; kürt asıllı*; kürt kökenli*; kürdüm; kürdüz; kürtler; kürtçe
        çerkes*; çerkez*; laz; lazım ben; gürcüy*; ermeni*; rumum; rum asıllı*; rum kökenli*
        süryani*; arap kökenli*; arap asıllı*; arabım; çingene*; roman vatandaş*; romanım ben
        roman kökenli*; boşnak*; arnavut asıllı*; asıllıyım; zazayım; zazaca; pomak*; zenci*
        etnik köken*; etnik kimliğ*; ırkım*; ırkımdan; ırkçı*; siyahiyim; siyahi oldu*
    """,
    "union": """
        sendikalı*; sendikam*; sendikacı*; sendika üye*; sendikaya üye*; sendika temsilci*
        sendikanın üye*; sendikadan istifa*; sendikasına üye*; sendikasının üye*; sendikası üye*
    """,
    "association": """
        dernek üye*; derneğe üye*; derneği üye*; derneğine üye*; derneğinin üye*; derneğimiz*
        derneğim; vakıf üye*; vakfa üye*; vakfı üye*; vakfına üye*; vakfının üye*; vakfımız*
    """,
    "sexual_life": """
        cinsel*; eşcinsel*; gey; gay; lezbiyen*; biseksüel*; transseksüel*; trans birey*; lgbt*
        homoseksüel*; iktidarsızlı*
    """,
    "criminal_conviction": """
        sabıka*; hükümlüy*; hükümlü yakını*; mahkumiyet*; hapis cezası*; hapiste*; hapisten; hapse
        hapishanede; hapishaneden; cezaevinde; cezaevindeki; cezaevinden; cezaevindeyim
        cezaevine girdi*; adli sicil*; denetimli serbest*; tutukluy*; tutuklandı*
        uzaklaştırma karar*; elektronik kelepçe*; ceza yattı*
    """,
    "biometric": """
        parmak izi*; yüz tanıma*; retina tarama*; iris tarama*; avuç içi tarama*; damar izi*
        biyometrik*; ses izi*
    """,
    "genetic": """
        genetik*; dna; gen testi*; kalıtsal*; kromozom*
    """,
    "dress": """
        başörtü*; baş örtü*; türban*; tesettür*; çarşaflıy*; çarşaflı kadın*; peçeli*
        kılık kıyafet*; kıyafetim*; dış görünüşüm*; eşarbım*; başım kapalı; başım açık
        başı kapalı
    """,
}

GERMAN: Mapping[str, str] = {
    "health": """
        bin krank; chronisch krank*; schwer krank*; erkrankt*; erkrankung*; krankheit*; krebs
        krebskrank*; krebspatient*; dialyse*; asthma*; diabetes; diabetik*; epilep*; herzinfarkt*
        herzkrank*; herzschwäche*; schlaganfall*; beatmungsgerät*; sauerstoffgerät*
        operiert worden; schwanger*; fehlgeburt*; depress*; psychiatr*; psychotherap*
        panikattacke*; autis*; demenz*; demente*; alzheimer*; parkinson*; schwerbehindert*
        gehbehindert*; mit behinderung; meine behinderung; meiner behinderung; behinderung habe
        pflegebedürftig*; bettlägerig*; rollstuhlfahrer*; an covid; mit covid; hiv; aids
        hepatitis*; insulin*; blutgruppe*; chemotherap*; krankgeschrieben*; arbeitsunfähig*
        meine diagnose*
    """,
    "religion": """
        muslim*; moslem*; bin christ; als christ; christin; katholik*; bin katholisch
        bin evangelisch; protestant*; jüdisch*; jude; juden; jüdin*; hindu*; buddhist*; alevit*
        sunnit*; schiit*; mein glaube; meinen glauben; meines glaubens; meine religion
        religionszugehörig*; konfession*; zeugen jehovas
    """,
    "philosophical_belief": """
        atheist*; agnostik*; weltanschau*; freimaurer*; aus gewissensgründen
    """,
    "political_opinion": """
        politische meinung*; politische überzeugung*; politischen überzeugung*; parteimitglied*
        mitglied der spd; mitglied der cdu; mitglied der csu; mitglied der afd; mitglied der fdp
        mitglied der grünen; mitglied der linken; kommunist*; sozialist*
    """,
    "ethnic_origin": """
        ethnisch*; meine herkunft; meiner herkunft; migrationshintergrund*; hautfarbe; sinti
        sinti und roma; romni; kurde; kurdin; kurdisch*; armenier*; meine rasse; rassis*
        dunkelhäutig*
    """,
    "union": """
        gewerkschaftsmitglied*; gewerkschaftszugehörig*; mitglied der gewerkschaft*
        mitglied einer gewerkschaft; mitglied in der gewerkschaft; betriebsratsmitglied*
        meine gewerkschaft; mitglied bei verdi; mitglied der ig metall
    """,
    "sexual_life": """
        sexual*; sexuell*; homosexuell*; bin schwul; schwul bin; sind schwul; schwules paar
        lesbisch*; lesbe*; bisexuell*; transsexuell*; transgender*; lgbt*; queer*
    """,
    "criminal_conviction": """
        vorbestraft*; vorstrafe*; verurteilt worden; strafrechtlich verurteilt; führungszeugnis*
        im gefängnis; haftstrafe*; freiheitsstrafe*; auf bewährung; bewährungsstrafe*
        bin inhaftiert; strafregister*; fußfessel*
    """,
    "biometric": """
        fingerabdr*; gesichtserkennung*; iris scan*; irisscan*; biometri*; stimmabdruck*
    """,
    "genetic": """
        genetisch*; gentest*; dna; dns analyse*; erbkrankheit*; erblich*
    """,
}

ENGLISH: Mapping[str, str] = {
    "health": """
        i am ill; i am sick; is ill; is sick; seriously ill; illness*; disease; diseases; cancer
        dialysis; asthma*; diabetes; diabetic*; epilep*; heart attack*; heart condition*
        heart disease*; stroke patient*; ventilator; oxygen concentrator*; breathing machine*
        had surgery; pregnan*; miscarriage*; depression; am depressed; psychiatr*; panic attack*
        autis*; dementia; alzheimer*; parkinson*; am disabled; disabled person; disabled people
        disabled child; disabled mother; disabled father; disabled son; disabled daughter
        disabled husband; disabled wife; disability; disabilities; wheelchair user*; bedridden
        have covid; had covid; covid positive; hiv; aids; hepatitis*; insulin*; blood type
        chemotherap*; my diagnosis; medical condition*; mental health; been diagnosed with
    """,
    "religion": """
        muslim*; am christian; are christian*; as a christian; christian faith; catholic*
        protestant*; jewish; jew; jews; hindu*; buddhist*; sikh*; alevi; sunni; shia; shiite*
        my faith; my religion; our religion; religious belief*; jehovahs witness*
    """,
    "philosophical_belief": """
        atheis*; agnostic*; philosophical belief*; humanist*; freemason*; conscientious objector*
    """,
    "political_opinion": """
        political opinion*; political view*; political belief*; party member*
        member of the labour; member of the conservative*; i voted; we voted; communist*
        socialist*
    """,
    "ethnic_origin": """
        ethnic*; my race; our race; racis*; racial*; my skin colour; my skin color; kurdish; kurd
        kurds; armenian*; roma people; gypsy; gypsies; because i am black; because i am asian
    """,
    "union": """
        union member*; union rep; union representative*; trade union*; labour union*; labor union*
        member of the union; member of a union; shop steward*; my union
    """,
    "sexual_life": """
        sexual*; homosexual*; gay; lesbian*; bisexual*; transgender*; transsexual*; lgbt*; queer*
        sex life
    """,
    "criminal_conviction": """
        criminal record*; convicted; ex convict*; my conviction*; in prison; in jail
        prison sentence*; on probation; on parole; ankle monitor*; electronic tag
    """,
    "biometric": """
        fingerprint*; facial recognition; face recognition; iris scan*; retina scan*; biometric*
        voiceprint*
    """,
    "genetic": """
        genetic*; dna; gene test*; hereditary
    """,
}

WORDS: Mapping[str, Mapping[str, str]] = {
    "tr": {
        **TURKISH,
        "health": TURKISH["health"] + "".join(f"; {who} hasta" for who in RELATIVES.split()),
    },
    "de": GERMAN,
    "en": ENGLISH,
}
