# A few messages in Welsh, which has six plural forms, to test that a second language needs no code.

no-case = Nid oes achos ar agor. Mae /cases yn rhestru eich rhai chi.
case-add = Ychwanegu { $case }
count-cases =
    { $count ->
        [zero] dim achosion
        [one] un achos
        [two] dau achos
        [few] tri achos
        [many] chwe achos
       *[other] { $count } achos
    }
