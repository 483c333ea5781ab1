"""Names and words by which a note is searched for people: the lists behind ``find_names``.

No person's data: common first names and surnames in England and Wales, and the words of the
services that write with capitals and are nobody (counties, prisons, programmes). They are kept here
because no list that is both light and looked after was found among the published packages. What is
a word as well as a name stands apart, as it only counts beside another sign of a name.
"""

from __future__ import annotations

from typing import Final


def words_of(text: str) -> frozenset[str]:
    """The words of a text, as a set to look them up in."""
    return frozenset(text.split())


FIRST_NAMES: Final = words_of("""
    aaron abbie abdul abdullah abigail abraham adam adeel adele adeola adrian agnes agnieszka
    ahmed aidan aiden aileen aimee aisha aishah aisling alan alana alasdair albert aleksander
    alex alexa alexander alexandra alexandru alexis alfie alfred ali alice alicia alisha alison
    alistair allan alma amanda amelia amina amir amit amy ana anastasia andre andrea andreea
    andrei andrew andrzej andy aneesa angela angelina angharad angus anisa anita anjali ann anna
    annabel anne annette annie anthony anton antonia antonio anya aoife arjun arlene arnold
    arran arthur asad asha ashley asif asma audrey ayaan ayesha barbara barnaby bartosz beatrice
    becky belinda ben benjamin bernadette bernard beryl bethan bethany betty bilal billy bogdan
    bradley brandon brenda brendan brian bridget bronwen bruce bryan bryn brynley caitlin callum
    calum cameron camilla carl carla carly caroline carolyn carys catherine cathy catrin cecilia
    cedric celia cerys charlene charlie charlotte cheryl chloe chris christina christine
    christopher ciara ciaran claire clara clare claudia clifford clive colin connor conor
    constance corey corinne courtney craig cristian curtis cynthia dafydd damian damien daniel
    danielle danny daphne darius darrell darren darryl daryl dave david dawid debbie deborah
    debra declan deepak deirdre delroy denise dennis derek dermot desmond diana diane dilys
    dmitri dominic dominik donald donna doreen doris dorothy dougie douglas duncan dwayne dylan
    eamon eddie edith edmund edward edwin eileen elaine eleanor elena eleri elijah elisabeth
    eliza elizabeth ella ellen ellie elliot elliott elsie emily emlyn emma emmanuel enid eric
    erin ernest esme esther ethan ethel eugene eunice evan evelyn evie ewa ewan faisal farah
    fatima fatimah felix fergus fiona florin frances francesca francis fraser freda freddie
    frederick freya gabriel gabriela gabrielle gareth garry gary gavin gemma geoff geoffrey
    george georgina gerald geraldine gerard ghulam gillian gladys glenda glenys glyn glynis
    gordana gordon graeme graham gregory greta grzegorz gurdeep gurpreet gwen gwyn gwyneth habib
    haider hamid hamza hannah haris harjit harold haroon harpreet harriet harrison harvey hasan
    hassan hayley helen helena henry herbert hilda howard hugh hussain hussein huw hywel iain
    ian ibrahim idris ieuan ifan igor imogen imran inderjit ioan iolo iqbal irena irene isaac
    isabel isabella isabelle ishaan isla ismail iwan jacek jackie jacob jacqueline jai jaime
    jake jakub jamal james jamie jamila jane janet janice janine jared jason jaspreet javed
    jayden jayne jean jeanette jeff jeffrey jemima jemma jennifer jenny jeremy jermaine jerome
    jess jessica jessie jill jillian jim jimmy joan joanna joanne jodie joe joel john johnny jon
    jonathan jonny josef joseph josephine joshua joyce juan judith judy julia julian julie
    juliet justin justyna kabir kacper kamal kamran karen karim karl karolina kasia katarzyna
    kate katherine kathleen kathryn kathy katie katrina kayleigh keeley keiran keith kelly
    kelvin ken kenneth kenny kerrie kerry kevin khadija khalid kieran kieron kimberley kiran
    kirsten kirsty konrad krishna kristina krystyna krzysztof kuldeep kunal kwame kyle kylie
    lakshmi latoya laura lauren laurence lawrence leah leanne leila len lena leon leona leonard
    leroy lesley leslie lewis liam lillian linda lindsay lindsey lisa liz lloyd lorna lorraine
    louis louisa louise luca lucas lucinda lucy luigi lukasz luke lydia lyn lynda lynette lynn
    lynne mabel maciej madeleine maisie malcolm malik mandy manjit manuel marcia marcin marco
    marcus marek margaret maria mariam marian marie marilyn mario marion marius marjorie marlene
    marlon marta martha martin martyn mary maryam mateusz mathew matilda matt matthew maureen
    maurice maxine megan meghan mehmet mel melanie melissa melvin meredith michael michaela
    michal micheal michelle mick miguel mihai mike mikey mildred millicent millie miriam mohamed
    mohammad mohammed mohamud moira molly mona monica monika morag morgan morris moses muhammad
    muriel musa mustafa myfanwy myra nadia nadine naomi naseem nasreen natalia natalie natasha
    nathan nathaniel naveed neha neil nerys nesta neville nia niamh nichola nicholas nicky
    nicola nicole nigel nikhil nikita nikki nina noah noel nora noreen norma norman nuala obinna
    olga oliver olivia olu oluwaseun omar oscar osman owain owen pamela parveen patricia patrick
    paul paula pauline pavel pawel peggy percy perminder pete peter petra phil philip philippa
    phillip phoebe phyllis piotr polly pradeep priya przemyslaw rachael rachel radoslaw rafal
    raheem rahul raj rajesh rajinder ralph ramesh rani raquel rashid ravi raymond rebecca
    reginald rehana renata rhian rhiannon rhodri rhona rhys ricardo richard rickie ricky rita
    robert roberta roberto rochelle roderick rodney roger roisin roland ron ronald ronnie rory
    rosa rosalind rosanna roseanne rosie ross rowena roxanne roy rukhsana rupert russell ruth
    ruthie ryan sabrina sacha sadia saeed safia saima sajid salim salma salman sam samantha
    samina samir samuel sandeep sandra sanjay sara sarah saskia scott sean sebastian selina
    shabana shabir shaheen shahid shakira shamim shane shanice shannon sharon shaun shauna
    shazia sheila shelley sheryl shirley sian sidney sigourney silvia simon simone siobhan sita
    slawomir sofia solomon sonia sophia sophie spencer stacey stanislaw stanley stefan steffan
    stella stephanie stephen steve steven stevie stewart stuart sudesh suleman sumaira sunil
    sunita suresh susan susanna susannah suzanne sybil sylvia szymon tahir tamara tamsin tania
    tanya tara tariq tasha tegan terence teresa terri terry tess thelma theo theodore theresa
    therese thomas tiffany tim timothy tina tobias toby todd tomasz tommy toni tony tracey tracy
    trevor tricia tristan trudy tudor tyler tyrone umar ursula usman valentina valerie vanessa
    vasile vera veronica vicki vicky vijay vikram vinay vincent vivien vivienne waleed walter
    wanda wayne wendy wesley wilfred william willie winifred winston wojciech wojtek yasmeen
    yasmin yolanda yousef youssef yusuf yvette yvonne zachary zahid zahra zainab zak zara
    zbigniew zeeshan zeinab zoe zofia
""")
"""First names that are no word, so that one alone, also without its capital, names a person."""

WORD_FIRST_NAMES: Final = words_of("""
    ade amber angel april art august autumn barry basil beverley bill blake bob bobby bonnie brad
    brook brooke candy carmen carol carole chad chance charity charles charm chase chelsea
    cherry chester christian clay cliff colleen colt crystal daisy dale dan dawn dean dee denver
    derrick dick dolly dominique don dot drew duke earl eden elder ellis erica eve faith fay
    faye felicity fern flora florence forest frank frankie gail gale gene georgia ginger glen
    glenn grace grant greg guy hal hans harmony harry hazel heath heather herb hilary holly
    honey hope hugo hunter ion iris ivy jack jackson jade jan jasmine jasper jay jerry jewel jo
    jordan josh joy jude june justice kay kent kim kirk kit lance laurel lee leo les lily
    lincoln linton logan lou luna madison major mark mason max may maya melody mercedes mercy
    merle miles milly mina misty mo myles myrtle nancy neal ned nick noble norm olive pam pansy
    paris pat patience patsy pearl peg penny perry piers poppy precious preston price prince
    prudence ray reed rex rich rick river rob robbie robin rod roma roman rose rosemary rowan
    ruby rusty sally sandy saul savannah scarlett sid sky skye sonny stan star sterling storm
    sue summer sunny tammy taylor ted tiger troy val verity vernon vic victor victoria vince
    viola violet virginia wade walker warren wilf will willow woody
""")
"""First names that are words, places or months too: these need a capital where none is due."""

SURNAMES: Final = words_of("""
    abbott adams adeyemi ahmad akhtar allen anderson andrews ansari armstrong arnott ashworth
    aslam atkins atkinson bailey bakewell ballard banerjee bannister barnett barrett bartlett
    bateman beattie begum benson bhatti blackwell bowen boyd boyle bradshaw brennan brookes
    bryant burke burnett byrne campbell carr carroll cartwright chadwick chaudhry choudhury
    christie clarke coleman collins connolly conway cooke coulson crawford crowther cullen
    cunningham curran daly daniels davidson davies davis davison dawson dempsey devlin dickinson
    dixon dobson docherty dodds doherty donnelly donovan doyle drummond duffy dunn edwards
    elliot emerson evans farooq farrell faulkner fenton ferguson fernandes fernandez findlay
    finnegan fitzgerald flanagan fleming flynn forsyth gallagher galloway garcia gibbs gibson
    gilbert gilmore gonzalez goodwin gould gracie greene greenwood gregson grewal griffiths
    gupta haines hameed hamilton hammond hancock hardie hargreaves harris hartley hawkins hayes
    haynes henderson hennessy herbert hewitt hicks higgins hobbs hodges hodgson hogan holden
    hopkins hopkinson howe howell howells hudson huggins hughes humphreys humphries hussain
    hutchinson ibbotson igwe ingram iqbal irving ivanov jacobs jameson jankowski jarvis
    jefferson jeffries jenkins jennings johal johnson johnston johnstone jones joshi kamara kaur
    kavanagh keane kearney kelleher kennedy kenny kerr khalil khan khatun kowalczyk kowalski
    krishnan kumar lambert lawson lennon leonard lewandowski livingstone llewellyn lomax lopez
    lynch macdonald mackay mackenzie maguire maher mahmood mahmud malone mann martinez matthews
    mcallister mcbride mccabe mccann mccarthy mcdonald mcdonnell mcgowan mcgrath mcgregor
    mcguire mcintyre mckay mckenna mckenzie mclean mcleod mcmahon mcnally mcnamara mcpherson
    mehta mendes mirza mistry mitchell mohammed molloy monaghan moran morris morrison mughal
    mukherjee mullen munro murphy murray naylor ncube nelson nicholls nicholson nkomo nolan
    novak nowak nwosu o'brien o'connell o'connor o'donnell o'hara o'keefe o'leary o'neill
    o'reilly o'rourke o'sullivan oakley obrien okafor okeke okonkwo olsen osborne osei owusu
    papadopoulos parry patel paterson patterson pattison payne pearce pearson perkins peters
    petrov phillips pickering popescu popov powell pritchard prosser pugh qureshi radford
    rafferty rahman raman ramsay rashid redmond rees reeves rehman reid reilly reyes reynolds
    richards richardson riley roberts robertson robinson robson rodriguez rogers rooney rowe
    rowland rowlands rutherford ryder sadiq saleem sanders sanderson sandhu santos saunders
    schmidt schofield sekhon seymour shah shannon sharma sharpe shaw sheppard siddiqui sidhu
    silva simmons simms simpson sinclair singh sloan smith smyth smythe sokolov stephens
    stephenson stevens stevenson stubbs suleiman sutherland swann sweeney szymanski tait talbot
    templeton thapa thompson thomson thorpe timmins todd tomlinson townsend travis tully
    turnbull tyson uddin underwood vaughan vickers villiers waddington wagner wallace wallis
    walsh walters warburton watkins watson watts webb whelan whitaker whitehurst whitfield
    whittaker wilkins wilkinson williams williamson willis wilson wisniewski wozniak wyatt wynne
    yates yilmaz younis zaman zielinski
""")
"""Surnames that are no word and, alone, most often a person's."""

WORD_SURNAMES: Final = words_of("""
    archer ball banks barber barker barnes bates baxter beckett bell bentley berry best birch
    bird bishop black blackburn blair blake bolton bond booth bowler bradley brady bray bright
    brooks broughton brown buck buckley bull burgess burn burns burrows burton bush butcher
    butler cain carey carpenter carter cash chambers chapman church clark clayton cole cook
    cooper copper cotton cowley cox craft craig crane cross curry dale dalton day dean dear dent
    doctor dodd drake drew duncan dyer eaton ellis english faith farmer field finch fish fisher
    fletcher flint flowers ford foster fowler fox francis frank franks freeman french frost fry
    fuller gale gardiner gardner garner george gibbons giles gill glover golding good goode
    gordon graham grant graves gray green grey griffin gunn hale hall hanson harding hardy
    harper hart harvey harwood hatton hay head heath henry hill hills holland holloway holmes
    holt hood hooper hope horne horton houghton howard hull hunt hunter hurst irvine
    jackson james john joiner jordan joseph joyce kay keen kelly kemp kent king kirby kirk
    knight knowles lake lamb lane law lawrence leach lee lewis little lloyd london long lord
    love lowe lucas lyons major march marsden marsh marshall martin mason may mead mellor mercer
    michael middleton mills moody moon moore morgan moriarty morley morton moss myers nash neal
    newman newton nixon noble norman norris north norton oldfield oliver owen owens page paine
    palmer park parker parkinson parks parr parsons peacock peck perry piper plant pollard pond
    poole pope porter potter pound powers pratt preston price prince quick quinn ray read reed
    rice rich ritchie rivers rose ross rowley royal rush russell ryan salmon savage scott sharp
    shepherd sherwood short singer skinner slater small snow south spence spencer stanton steel
    steele stewart stone strong stuart summers sutton swan swift tanner taylor temple
    thomas thorn thornton tucker turner tyler vincent wade walker wall waller ward warner warren
    waterhouse waters way weaver webster weeks weir wells west weston westwood wheeler white
    whitehead whitehouse whittle wild wilde winstanley winter winters wise wolf wood woods
    wright wyn york young
""")
"""Surnames that are words, first names or places too: these need a first name, initial or title."""

PLACES: Final = words_of("""
    aberystwyth acton africa african albania albanian aldershot altcourse america american
    andover anglesey ashford ashton asia asian askham avon aylesbury bangladesh bangladeshi
    bangor barking barnet barnsley barrow basildon basingstoke batley bedford bedfordshire
    belmarsh berkshire berwyn beverley bexley bicester birkenhead birmingham blackburn blackpool
    blaenau blantyre bletchley blundeston bolton boston bournemouth bracknell bradford braintree
    brecon brent brentwood bridgend bridgewater brighton brinsford bristol britain british
    brixton brockhill bromley bromsgrove bronzefield buckinghamshire buckley bulgaria bulgarian
    bullingdon bure burnley burton bury caernarfon caerphilly camberley cambridge cambridgeshire
    camden cannock canterbury cardiff caribbean carlisle carmarthen castington castleford
    ceredigion channings chatham chelmsford chelmsley cheltenham cheshire chester chesterfield
    chichester china chinese chorley cleveland colchester coldingley conwy cookham corby
    cornwall coventry crawley crewe croydon cumbria cymru czech darlington dartford dartmoor
    deerbolt denbighshire derby derbyshire devizes devon dewsbury doncaster dorchester dorset
    dovegate downview dudley durham dyfed ealing eastbourne eastwood eccles elmley enfield
    england english epsom eritrea eritrean erlestoke essex estonian europe european everthorpe
    exeter fareham farnborough farsi featherstone feltham finchley flintshire folkestone foston
    france frankland french fylde gartree gateshead german germany ghanaian glamorgan glasgow
    gloucester gloucestershire gosport grantham gravesend greenwich grendon grimsby guildford
    gwent gwynedd hackney halesowen halifax halton hammersmith hampshire haringey harlow
    harrogate harrow hartlepool hassockfield hastings hatfield haverigg havering hereford
    herefordshire hertford hertfordshire hewell hexham highpoint hillingdon hinckley hindley
    hollesley holloway horsham hounslow hove huddersfield hull humber humberside hungarian
    huntercombe huntingdon ilford india indian ipswich iran iranian iraq iraqi ireland irish
    islington italian jamaica jamaican jarrow keighley kendal kent kettering keynes
    kidderminster kingston kirkham kirklees kirklevington knowsley kurdish lambeth lancashire
    lancaster lartin latchmere latvian leamington leeds leicester leicestershire leigh
    leominster lewes lewisham leyhill lichfield lincoln lincolnshire lindholme lithuania
    lithuanian littlehey liverpool llandudno llanelli london loughborough lowdham lowestoft
    luton macclesfield maidenhead maidstone manchester mandarin mansfield margate medway melton
    merseyside merthyr merton middlesbrough middlesex midlands mitcham moorland morton newbury
    newcastle newham newport nigeria nigerian norfolk northallerton northampton northamptonshire
    northumberland northumbria northwich norwich nottingham nottinghamshire nuneaton nunthorpe
    oldham onley ormskirk oswestry oxford oxfordshire pakistan pakistani parc parkhurst
    pembrokeshire pendle penrith pentonville peterborough peterlee plymouth poland polish
    pontefract pontypridd poole portland portsmouth portugal portuguese powys prescoed preston
    punjabi ramsgate ranby reading redbridge redcar redditch redhill reigate rhondda rhyl
    richmond rochdale rochester roma romania romanian romford rotherham rugby runcorn rushden
    russian rutland salford salisbury sandwell scarborough scotland scottish scunthorpe sefton
    severn sheffield sheppey shepton shrewsbury shropshire skegness sleaford slough slovak
    slovakia solihull somali somalia somerset southampton southend southport southwark spalding
    spanish stafford staffordshire staines standford stevenage stocken stockport stockton stoke
    stourbridge stowmarket strangeways stratford stroud styal sudanese sudbury suffolk
    sunderland surrey sussex sutton swahili swaleside swansea swindon swinfen tamworth taunton
    tees teesside telford tewkesbury thames thameside thanet thurrock tipton tiverton torbay
    torquay tottenham trafford trowbridge truro turkey turkish tyne tyneside ukraine ukrainian
    ulster urdu usk uxbridge vale verne vietnamese wakefield wales wallasey wallington walsall
    waltham walton wandsworth warrington warwick warwickshire watford wayland wealstun wear
    wellingborough welsh werrington westminster weymouth whatton whitemoor wigan wight wiltshire
    winchester winson wirral woking wolds wolverhampton wolverton woodhill woolwich worcester
    worcestershire workington worksop wormwood worthing wrexham wycombe wymott yarmouth yeovil
    york yorkshire zimbabwe zimbabwean
""")
"""Where services, courts and prisons are, and where people come from: nobody's name by itself."""

SERVICE_WORDS: Final = words_of("""
    acute addaction adfam agency alcoholics anonymous appendix approved apr april aspire asset
    assist aug august bail band barnardo's barnardos borstal bsr catch22 chair chief childline
    christmas citizens clink colleague communities community compass concordat court
    crimestoppers crown dec december delius depaul directorate easter eid facebook feb february
    fri friday gamcare gateway giles google gps guardian halal healthy hearing hindu homeless
    hub icom instagram islam islamic jan january jewish jobcentre jobseeker jul july jun june
    kainos kalyx langley lifeline linkedin mappa mar marac march may mencap merlin microsoft
    mindful ministry mon monday mungo's mungos muslim nacro naloxone narcotics ndelius nomis
    noms nov november nspcc oasys oct october offa offender ofsted ormiston outlook p-nomis
    parole penrose phoenix plus powerpoint probation quran ramadan rehab relate remploy resettle
    respect samaritans sat saturday seetec sep sept september serco shelter sikh skype sodexo
    sova spurgeons stonewall stonham sun sunday tablet teams thinkskills thornton's thu thur
    thurs thursday together tornado trust trustee tue tues tuesday turnaround turning violent
    visor vodafone wallich wed wednesday whatsapp wirral workwise youth youtube zoom
""")
"""Words of the services that no dictionary of English has, and days and months."""

INSTITUTIONS: Final = words_of("""
    academy act approach area association avenue block building business centre center chambers
    charity checklist church city clinic close college company council county court crc crescent
    day directorate district division drive education farm festival force foundation framework
    gardens gate grange group grove hall health home hospital hostel hotel house housing infirmary
    initiative inquiry institute judgment lane law ldu lodge magistrates matrix method ministries
    mission model mosque nhs office park partnership place police practice premises primary prison
    programme project questionnaire railway report requirement review road room scale scheme school
    secondary service services square station street support surgery team temple terrace test tool
    town trust unit university villa village ward way wing works yoi
""")
"""A capitalised word before one of these is what a place, a programme or a body is called."""

BEFORE_PLACES: Final = words_of("""
    ap cat category fort hmp hmpyoi hmypi hmyoi level mount saint st tier yoi
""")
"""What stands before one is a place, or no name: ``HMP Leeds``, ``St Mary's``."""

TITLES: Final = words_of("mr mrs miss ms mx dr prof professor rev revd reverend sir")
RANKS: Final = words_of("""
    cllr constable dc dci dcs detective di ds hhj imam insp judge pc pcso ps sergeant sgt
    superintendent wpc
""")
ROLES: Final = words_of("manager managers officer officers supervisor worker workers")

SAYS_NAME: Final = words_of("aka alias called forename named surname")
RELATIONS: Final = words_of("""
    aunt boyfriend brother co-defendant cousin cpo dad daughter ex ex-husband ex-partner ex-wife
    father friend girlfriend gran grandfather grandmother husband mother mum nan nephew niece
    offender om partner po prisoner pso sister son stepdaughter stepfather stepson uncle victim wife
""")
CONTACTS: Final = words_of("asked interviewed met phoned rang saw telephoned texted told")
SPOKE: Final = words_of("contact conversation speak speaking spoke spoken talked talking")
"""With ``to`` or ``with`` behind it, and then a name."""

PEOPLE_DO: Final = words_of("""
    agreed attended attends came feels felt knows lives missed rang said says told wanted wants went
""")
"""What stands before these, alone, is somebody: ``Bill said``."""

NUMBERED_BY_LETTERS: Final = words_of("""
    annex appendix band block cat category class column criteria criterion file grade group level
    list option page panel part plan question row sample section table tier type wing
""")
"""After these, a capital letter is no initial: ``List B``."""

NEVER_ALONE: Final = words_of("""
    amber art autumn charity christian clay dot faith forest justice major may prince summer
""")
"""Names that, alone, are far more often the word, even with a capital."""

AT: Final = words_of("""
    centre court crown first home hospital hostel magistrates office post prison probation
    reception risk school that their this times weekly work
""")
"""What stands after an ``@`` that is short for "at"."""

NOT_IN_STREETS: Final = words_of("""
    a and by case cases day days each for from hour hours in minutes month months of off on or
    per their time times to very was week weeks were year years
""")
"""Little words that stand between a number and, say, ``close`` where that is no street."""
