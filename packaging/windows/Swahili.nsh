; The pages of the installer in Kiswahili of Kenya; what is not here is never shown by setup.nsi.
!insertmacro LANGFILE "Swahili" = "Kiswahili" "Kiswahili"

!ifdef MUI_WELCOMEPAGE
  ${LangFileString} MUI_TEXT_WELCOME_INFO_TITLE "Karibu: kuweka $(^NameDA)"
  ${LangFileString} MUI_TEXT_WELCOME_INFO_TEXT "Programu hii inawekwa kwa ajili yako tu kwenye kompyuta hii. Haihitaji intaneti wala msimamizi wa kompyuta.$\r$\n$\r$\nKama toleo la awali limefunguliwa, lifunge kwanza. Kumbukumbu zako hazitaguswa.$\r$\n$\r$\n$_CLICK"
!endif
!ifdef MUI_DIRECTORYPAGE
  ${LangFileString} MUI_TEXT_DIRECTORY_TITLE "Mahali pa kuweka"
  ${LangFileString} MUI_TEXT_DIRECTORY_SUBTITLE "Chagua folda ya kuweka $(^NameDA)."
!endif
!ifdef MUI_INSTFILESPAGE
  ${LangFileString} MUI_TEXT_INSTALLING_TITLE "Inawekwa"
  ${LangFileString} MUI_TEXT_INSTALLING_SUBTITLE "Tafadhali subiri $(^NameDA) iwekwe."
  ${LangFileString} MUI_TEXT_FINISH_TITLE "Imewekwa"
  ${LangFileString} MUI_TEXT_FINISH_SUBTITLE "Kazi imekamilika vizuri."
  ${LangFileString} MUI_TEXT_ABORT_TITLE "Haikuwekwa"
  ${LangFileString} MUI_TEXT_ABORT_SUBTITLE "Kazi haikukamilika."
!endif
!ifdef MUI_UNINSTFILESPAGE
  ${LangFileString} MUI_UNTEXT_UNINSTALLING_TITLE "Inaondolewa"
  ${LangFileString} MUI_UNTEXT_UNINSTALLING_SUBTITLE "Tafadhali subiri $(^NameDA) iondolewe."
  ${LangFileString} MUI_UNTEXT_FINISH_TITLE "Imeondolewa"
  ${LangFileString} MUI_UNTEXT_FINISH_SUBTITLE "Kazi imekamilika vizuri."
  ${LangFileString} MUI_UNTEXT_ABORT_TITLE "Haikuondolewa"
  ${LangFileString} MUI_UNTEXT_ABORT_SUBTITLE "Kazi haikukamilika."
!endif
!ifdef MUI_FINISHPAGE
  ${LangFileString} MUI_TEXT_FINISH_INFO_TITLE "$(^NameDA) iko tayari"
  ${LangFileString} MUI_TEXT_FINISH_INFO_TEXT "$(^NameDA) imewekwa kwenye kompyuta hii.$\r$\n$\r$\nBofya Maliza kufunga dirisha hili."
  ${LangFileString} MUI_TEXT_FINISH_INFO_REBOOT "Kompyuta inahitaji kuwashwa upya."
  ${LangFileString} MUI_TEXT_FINISH_REBOOTNOW "Washa upya sasa"
  ${LangFileString} MUI_TEXT_FINISH_REBOOTLATER "Nitawasha upya baadaye"
  ${LangFileString} MUI_TEXT_FINISH_SHOWREADME "&Onyesha maelezo"
  ${LangFileString} MUI_TEXT_FINISH_RUN "&Fungua $(^NameDA)"
  ${LangFileString} MUI_BUTTONTEXT_FINISH "&Maliza"
!endif
!ifdef MUI_UNCONFIRMPAGE
  ${LangFileString} MUI_UNTEXT_CONFIRM_TITLE "Kuondoa $(^NameDA)"
  ${LangFileString} MUI_UNTEXT_CONFIRM_SUBTITLE "Ondoa $(^NameDA) kwenye kompyuta hii."
!endif
!ifdef MUI_ABORTWARNING
  ${LangFileString} MUI_TEXT_ABORTWARNING "Je, unataka kuacha kuweka $(^Name)?"
!endif
