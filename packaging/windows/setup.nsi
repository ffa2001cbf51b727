; The Windows installer: one account, no administrator, no internet.
; makensis -DSRC=folder -DICONS=folder -DOUT=setup.exe -DVERSION=1.2.3 -DLANGUAGES=folder setup.nsi
; setup.exe /S /UPDATE waits for the program to close, and brings the version before back when the
; new one does not show its first window (exit code 5).
; Silent: setup.exe /S [/NAME="Daily Register"] [/ICON=register|calendar|files] [/D=C:\folder]
;         Uninstall.exe /S [/ERASE=DELETE]
; Exit codes: 0 done, 2 the installation failed and the old program is as it was, 3 Windows is too
; old, 4 the program is open. The uninstaller with a wrong word after /ERASE= does nothing, code 2.
Unicode true
!ifdef STUB64
  Target amd64-unicode
!endif
!define KEY "Software\DailyRegister"
!define UNKEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\DailyRegister"
!define EXE "daily-register.exe"
!define DATA "$LOCALAPPDATA\Register"
!define INCOMING "$INSTDIR\.incoming"
!define OUTGOING "$INSTDIR\.outgoing"
!define DISCARDED "$INSTDIR\.discarded"
!define OLDEST_WINDOWS 17763  ; Windows 10, version 1809
!define TOO_OLD 3
!define IS_OPEN 4
!define TAKEN_BACK 5
; Half seconds: for the program to close, for the new version to stand, for a file to be let go.
!define CLOSING 60
!define STANDING 240
!define PATIENCE 30
!define STARTED "${DATA}\run\started"

Name "Daily Register"
OutFile "${OUT}"
!ifdef QUICK
  SetCompressor zlib
!else
  SetCompressor /SOLID lzma
  SetCompressorDictSize 64
!endif
CRCCheck force
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\Daily Register"
InstallDirRegKey HKCU "${KEY}" "InstallDir"
AllowSkipFiles off
ManifestDPIAware true
BrandingText " "
CompletedText "$Outcome"
; The names of the files passing by would tell an onlooker what the program is for.
ShowInstDetails nevershow
ShowUninstDetails nevershow
VIProductVersion "${VERSION}.0"
VIFileVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "Daily Register"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "Daily Register"
VIAddVersionKey "LegalCopyright" "GPL-3.0-or-later"

!include MUI2.nsh
!include x64.nsh
!include WinVer.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include nsDialogs.nsh

Var ShownName
Var ShownIcon
Var NameField
Var IconRegister
Var IconCalendar
Var IconFiles
Var EraseField
Var EraseWord
Var IsUpdate
Var Outcome

!define MUI_ICON "${ICONS}\register.ico"
!define MUI_UNICON "${ICONS}\register.ico"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${ICONS}\side.bmp"
!define MUI_ABORTWARNING
!define MUI_ABORTWARNING_CANCEL_DEFAULT
!define MUI_LANGDLL_REGISTRY_ROOT HKCU
!define MUI_LANGDLL_REGISTRY_KEY "${KEY}"
!define MUI_LANGDLL_REGISTRY_VALUENAME "Language"
!define MUI_LANGDLL_ALLLANGUAGES
!define MUI_LANGDLL_WINDOWTITLE "Daily Register"
!define MUI_LANGDLL_INFO "Please choose a language. Tafadhali chagua lugha."
!define MUI_FINISHPAGE_TITLE "$(FinishTitle)"
!define MUI_FINISHPAGE_TEXT "$(FinishText)"
!define MUI_FINISHPAGE_RUN "$INSTDIR\${EXE}"
!define MUI_FINISHPAGE_RUN_TEXT "$(FinishRun)"
!define MUI_WELCOMEPAGE_TEXT "$(WelcomeText)"
!insertmacro MUI_PAGE_WELCOME
Page custom AppearancePage AppearanceLeave
!insertmacro MUI_PAGE_DIRECTORY
!define MUI_INSTFILESPAGE_ABORTHEADER_TEXT "$(AbortTitle)"
!define MUI_INSTFILESPAGE_ABORTHEADER_SUBTEXT "$(AbortText)"
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
UninstPage custom un.RecordsPage un.RecordsLeave
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGEEX "${LANGUAGES}" "Swahili"
!insertmacro MUI_RESERVEFILE_LANGDLL

LangString WelcomeText ${LANG_ENGLISH} "The program is installed for you only, on this computer. It needs no internet and no administrator.$\r$\n$\r$\nIf an earlier version is open, close it first. Your records are not touched.$\r$\n$\r$\nClick Next."
LangString WelcomeText ${LANG_SWAHILI} "$(MUI_TEXT_WELCOME_INFO_TEXT)"
LangString AbortTitle ${LANG_ENGLISH} "Not installed"
LangString AbortTitle ${LANG_SWAHILI} "Haikuwekwa"
LangString AbortText ${LANG_ENGLISH} "An earlier version and your records are as they were."
LangString AbortText ${LANG_SWAHILI} "Toleo la awali na kumbukumbu zako viko kama vilivyokuwa."
LangString ^ErrorWriting ${LANG_ENGLISH} "There is not enough room, or this file cannot be written: "
LangString ^ErrorWriting ${LANG_SWAHILI} "Hakuna nafasi ya kutosha, au faili hili haliwezi kuandikwa: "
LangString FinishTitle ${LANG_ENGLISH} "$ShownName is ready"
LangString FinishTitle ${LANG_SWAHILI} "$ShownName iko tayari"
LangString FinishText ${LANG_ENGLISH} "You find it under this name on the desktop and in the Start menu.$\r$\n$\r$\nClick Finish to close this window."
LangString FinishText ${LANG_SWAHILI} "Utaipata kwa jina hili kwenye eneo-kazi na kwenye menyu ya Start.$\r$\n$\r$\nBofya Maliza kufunga dirisha hili."
LangString FinishRun ${LANG_ENGLISH} "&Open $ShownName"
LangString FinishRun ${LANG_SWAHILI} "&Fungua $ShownName"
LangString LookTitle ${LANG_ENGLISH} "Name and picture"
LangString LookTitle ${LANG_SWAHILI} "Jina na picha"
LangString LookText ${LANG_ENGLISH} "How the program appears on the desktop and in the menu. Choose what says nothing about your house."
LangString LookText ${LANG_SWAHILI} "Jinsi programu inavyoonekana kwenye kompyuta. Chagua kisichosema lolote kuhusu nyumba yenu."
LangString LookName ${LANG_ENGLISH} "Name on the desktop"
LangString LookName ${LANG_SWAHILI} "Jina kwenye kompyuta"
LangString LookIcon ${LANG_ENGLISH} "Picture"
LangString LookIcon ${LANG_SWAHILI} "Picha"
LangString IconBook ${LANG_ENGLISH} "Book"
LangString IconBook ${LANG_SWAHILI} "Daftari"
LangString IconMonth ${LANG_ENGLISH} "Calendar"
LangString IconMonth ${LANG_SWAHILI} "Kalenda"
LangString IconFolder ${LANG_ENGLISH} "Folder"
LangString IconFolder ${LANG_SWAHILI} "Folda"
LangString NameBad ${LANG_ENGLISH} "Please use letters, numbers and spaces only, at least two and at most forty."
LangString NameBad ${LANG_SWAHILI} "Tafadhali tumia herufi, nambari na nafasi tu, kuanzia mbili hadi arobaini."
LangString NameTaken ${LANG_ENGLISH} "Something else has this name already, on the desktop or in the menu. Please choose another."
LangString NameTaken ${LANG_SWAHILI} "Kitu kingine tayari kina jina hili, kwenye kompyuta au kwenye menyu. Tafadhali chagua jingine."
LangString TooOld ${LANG_ENGLISH} "This program needs Windows 10 or 11 (64-bit, version 1809 or later)."
LangString TooOld ${LANG_SWAHILI} "Programu hii inahitaji Windows 10 au 11 (biti 64, toleo 1809 au baadaye)."
LangString IsOpen ${LANG_ENGLISH} "The program is open. Please finish your entry, close the program, and press Retry."
LangString IsOpen ${LANG_SWAHILI} "Programu imefunguliwa. Tafadhali maliza unachoandika, ifunge, kisha bofya Retry."
LangString Failed ${LANG_ENGLISH} "The new version could not be put in place. The old one is as it was, and so are your records."
LangString Failed ${LANG_SWAHILI} "Toleo jipya halikuweza kuwekwa. La awali liko kama lilivyokuwa, na kumbukumbu zako pia."
LangString KeptTitle ${LANG_ENGLISH} "Your records stay"
LangString KeptTitle ${LANG_SWAHILI} "Kumbukumbu zako zinabaki"
LangString KeptText ${LANG_ENGLISH} "Only the program is removed. The locked records stay in$\r$\n$\r$\n${DATA}$\r$\n$\r$\nand open again after installing anew. To destroy them too, for ever and without a way back, type DELETE here. Records that you keep in another folder are not touched."
LangString KeptText ${LANG_SWAHILI} "Programu tu inaondolewa. Kumbukumbu zilizofungwa zinabaki katika$\r$\n$\r$\n${DATA}$\r$\n$\r$\nna zitafunguka tena ukiiweka upya. Kuziharibu pia, milele na bila njia ya kuzirudisha, andika FUTA hapa. Kumbukumbu unazotunza kwenye folda nyingine hazitaguswa."
LangString NotTheWord ${LANG_ENGLISH} "This is not the word. To destroy the records, type DELETE in capital letters. To keep them, leave the field empty."
LangString NotTheWord ${LANG_SWAHILI} "Hili silo neno. Kuharibu kumbukumbu, andika FUTA kwa herufi kubwa. Kuzibakiza, acha nafasi hii wazi."
LangString NotErased ${LANG_ENGLISH} "Not all records could be destroyed: something holds them open. Restart the computer and delete this folder:$\r$\n$\r$\n${DATA}"
LangString NotErased ${LANG_SWAHILI} "Kumbukumbu zote hazikuweza kuharibiwa: kuna kitu kinazitumia. Washa kompyuta upya kisha ufute folda hii:$\r$\n$\r$\n${DATA}"
LangString NotErasedTitle ${LANG_ENGLISH} "Not all records are destroyed."
LangString NotErasedTitle ${LANG_SWAHILI} "Kumbukumbu zote hazijaharibiwa."
LangString Erased ${LANG_ENGLISH} "The records in this folder are destroyed: ${DATA}"
LangString Erased ${LANG_SWAHILI} "Kumbukumbu za folda hii zimeharibiwa: ${DATA}"
LangString RemoveLink ${LANG_ENGLISH} "Uninstall"
LangString RemoveLink ${LANG_SWAHILI} "Ondoa"

Function .onInit
  ${IfNot} ${RunningX64}
  ${OrIfNot} ${AtLeastBuild} ${OLDEST_WINDOWS}
    MessageBox MB_ICONSTOP "$(TooOld)" /SD IDOK
    SetErrorLevel ${TOO_OLD}
    Quit
  ${EndIf}
  !insertmacro MUI_LANGDLL_DISPLAY
  ReadRegStr $ShownName HKCU "${KEY}" "Name"
  ReadRegStr $ShownIcon HKCU "${KEY}" "Icon"
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/NAME=" $1
  ${IfNot} ${Errors}
    StrCpy $ShownName $1
  ${EndIf}
  ClearErrors
  ${GetOptions} $0 "/ICON=" $1
  ${IfNot} ${Errors}
    StrCpy $ShownIcon $1
  ${EndIf}
  Call TidyAppearance
  StrCpy $Outcome "$(^Completed)"
  StrCpy $IsUpdate 0
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/UPDATE" $1
  ${IfNot} ${Errors}
    StrCpy $IsUpdate 1
  ${EndIf}
FunctionEnd

; What stands in no list becomes the usual choice.
Function TidyAppearance
  ${If} $ShownIcon != "calendar"
  ${AndIf} $ShownIcon != "files"
    StrCpy $ShownIcon "register"
  ${EndIf}
  Push $ShownName
  Call IsGoodName
  Pop $0
  Push $ShownName
  Call IsTakenName
  Pop $1
  ${If} $0 = 0
  ${OrIf} $1 = 1
    StrCpy $ShownName "Daily Register"
  ${EndIf}
FunctionEnd

; Says 1 for a name under which something else lies: among it, the menu's own folders, in which a
; shortcut would start the program whenever the computer starts.
Function IsTakenName
  Exch $R0
  Push $R1
  ReadRegStr $R1 HKCU "${KEY}" "Name"
  ${If} $R0 == $R1
  ${OrIf} ${FileExists} "$SMPROGRAMS\$R0\$R0.lnk"
    StrCpy $R0 0
  ${ElseIf} ${FileExists} "$SMPROGRAMS\$R0\*.*"
  ${OrIf} ${FileExists} "$DESKTOP\$R0.lnk"
    StrCpy $R0 1
  ${Else}
    StrCpy $R0 0
  ${EndIf}
  Pop $R1
  Exch $R0
FunctionEnd

; Says 1 for a name that can be a file's name everywhere.
Function IsGoodName
  Exch $R0
  Push $R1
  Push $R2
  Push $R3
  StrLen $R1 $R0
  StrCpy $R3 1
  ${If} $R1 < 2
  ${OrIf} $R1 > 40
    StrCpy $R3 0
  ${EndIf}
  StrCpy $R2 $R0 1
  ${If} $R2 == " "
    StrCpy $R3 0
  ${EndIf}
  StrCpy $R2 $R0 1 -1
  ${If} $R2 == " "
    StrCpy $R3 0
  ${EndIf}
  ${While} $R1 > 0
    IntOp $R1 $R1 - 1
    StrCpy $R2 $R0 1 $R1
    ${If} $R2 == "\"
    ${OrIf} $R2 == "/"
    ${OrIf} $R2 == ":"
    ${OrIf} $R2 == "*"
    ${OrIf} $R2 == "?"
    ${OrIf} $R2 == "<"
    ${OrIf} $R2 == ">"
    ${OrIf} $R2 == "|"
    ${OrIf} $R2 == "."
    ${OrIf} $R2 == "&"
    ${OrIf} $R2 == "%"
    ${OrIf} $R2 == "$\""
      StrCpy $R3 0
    ${EndIf}
  ${EndWhile}
  StrCpy $R0 $R3
  Pop $R3
  Pop $R2
  Pop $R1
  Exch $R0
FunctionEnd

Function AppearancePage
  !insertmacro MUI_HEADER_TEXT "$(LookTitle)" ""
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateLabel} 0 0 100% 24u "$(LookText)"
  Pop $0
  ${NSD_CreateLabel} 0 32u 100% 10u "$(LookName)"
  Pop $0
  ${NSD_CreateText} 0 44u 60% 13u "$ShownName"
  Pop $NameField
  ${NSD_CreateLabel} 0 68u 100% 10u "$(LookIcon)"
  Pop $0
  ${NSD_CreateRadioButton} 0 80u 60% 12u "$(IconBook)"
  Pop $IconRegister
  ${NSD_CreateRadioButton} 0 94u 60% 12u "$(IconMonth)"
  Pop $IconCalendar
  ${NSD_CreateRadioButton} 0 108u 60% 12u "$(IconFolder)"
  Pop $IconFiles
  ${If} $ShownIcon == "calendar"
    ${NSD_Check} $IconCalendar
  ${ElseIf} $ShownIcon == "files"
    ${NSD_Check} $IconFiles
  ${Else}
    ${NSD_Check} $IconRegister
  ${EndIf}
  nsDialogs::Show
FunctionEnd

Function AppearanceLeave
  ${NSD_GetText} $NameField $1
  Push $1
  Call IsGoodName
  Pop $0
  ${If} $0 = 0
    MessageBox MB_ICONINFORMATION "$(NameBad)"
    Abort
  ${EndIf}
  Push $1
  Call IsTakenName
  Pop $0
  ${If} $0 = 1
    MessageBox MB_ICONINFORMATION "$(NameTaken)"
    Abort
  ${EndIf}
  StrCpy $ShownName $1
  StrCpy $ShownIcon "register"
  ${NSD_GetState} $IconCalendar $0
  ${If} $0 = ${BST_CHECKED}
    StrCpy $ShownIcon "calendar"
  ${EndIf}
  ${NSD_GetState} $IconFiles $0
  ${If} $0 = ${BST_CHECKED}
    StrCpy $ShownIcon "files"
  ${EndIf}
FunctionEnd

; An open program's file cannot be opened for writing. Silent runs do not wait.
!macro ASK_TO_CLOSE UN
; $R9: how many half seconds to wait before asking.
Function ${UN}AskToClose
  again:
  IfFileExists "$INSTDIR\${EXE}" 0 closed
  ClearErrors
  FileOpen $0 "$INSTDIR\${EXE}" a
  IfErrors opened
  FileClose $0
  Goto closed
  opened:
  ${If} $R9 > 0
    IntOp $R9 $R9 - 1
    Sleep 500
    Goto again
  ${EndIf}
  MessageBox MB_RETRYCANCEL|MB_ICONINFORMATION "$(IsOpen)" /SD IDCANCEL IDRETRY again
  SetErrorLevel ${IS_OPEN}
  Quit
  closed:
FunctionEnd
!macroend
!insertmacro ASK_TO_CLOSE ""
!insertmacro ASK_TO_CLOSE "un."

; What was just unpacked is often held open by a virus scanner for some seconds: then try again.
!macro MOVE FROM TO
  StrCpy $R7 ${PATIENCE}
  ${Do}
    ClearErrors
    Rename "${FROM}" "${TO}"
    ${IfNot} ${Errors}
      ${Break}
    ${EndIf}
    ${If} $R7 = 0
      Goto broken
    ${EndIf}
    IntOp $R7 $R7 - 1
    Sleep 500
  ${Loop}
!macroend
!define Move `!insertmacro MOVE`
!macro MOVE_IF_THERE FROM TO
  ${If} ${FileExists} "${FROM}"
    ${Move} "${FROM}" "${TO}"
  ${EndIf}
!macroend
!define MoveIfThere `!insertmacro MOVE_IF_THERE`

; CLEAR is what takes the new one away first: RMDir /r for a folder, Delete for a file.
!macro PUT_BACK CLEAR NAME
    ${If} ${FileExists} "${OUTGOING}\${NAME}"
      ${CLEAR} "$INSTDIR\${NAME}"
      Rename "${OUTGOING}\${NAME}" "$INSTDIR\${NAME}"
    ${EndIf}
!macroend

; Of the name in $1; what somebody else put into the folder stays.
!macro REMOVE_SHORTCUTS
  ${If} $1 != ""
    Delete "$SMPROGRAMS\$1\$1.lnk"
    Delete "$SMPROGRAMS\$1\Uninstall.lnk"
    Delete "$SMPROGRAMS\$1\Ondoa.lnk"
    RMDir "$SMPROGRAMS\$1"
    Delete "$DESKTOP\$1.lnk"
  ${EndIf}
!macroend

; Whatever stops it half-way, the old program is put back, all of it.
Function PutBack
  RMDir /r "${DISCARDED}"
  StrCpy $R7 ${PATIENCE}
  ${Do}
    !insertmacro PUT_BACK "RMDir /r" "licences"
    !insertmacro PUT_BACK "Delete" "sbom.cdx.json"
    !insertmacro PUT_BACK "RMDir /r" "_internal"
    !insertmacro PUT_BACK "Delete" "${EXE}"
    ${IfNot} ${FileExists} "${OUTGOING}\*.*"
      ${Break}
    ${EndIf}
    RMDir "${OUTGOING}"  ; only when nothing of the old program still waits in it
    ${IfNot} ${FileExists} "${OUTGOING}\*.*"
      ${Break}
    ${EndIf}
    ${If} $R7 = 0
      ${Break}
    ${EndIf}
    IntOp $R7 $R7 - 1
    Sleep 500
  ${Loop}
  SetOutPath "$TEMP"  ; the folder one works in cannot be removed
  RMDir /r "${INCOMING}"
  ; Only what was never there before may go with it.
  IfFileExists "$INSTDIR\${EXE}" +2 0
    RMDir "$INSTDIR"
FunctionEnd

Function .onInstFailed
  Call PutBack
  ; Whoever asked for the update sees no window of this: the old program says that it stayed.
  ${If} $IsUpdate = 1
  ${AndIf} ${FileExists} "$INSTDIR\${EXE}"
    Exec '"$INSTDIR\${EXE}" --update-failed'
  ${EndIf}
  SetErrorLevel 2
FunctionEnd

; The version before lies in OUTGOING until the new one has shown its first window.
Function ProveOrGoBack
  Delete "${STARTED}"
  Exec '"$INSTDIR\${EXE}" --tell-started "${STARTED}"'
  StrCpy $R8 ${STANDING}
  ${DoWhile} $R8 > 0
    ${If} ${FileExists} "${STARTED}"
      Delete "${STARTED}"
      Return
    ${EndIf}
    ; A running program's file cannot be opened for writing: if it can, the program has ended.
    ClearErrors
    FileOpen $0 "$INSTDIR\${EXE}" a
    ${IfNot} ${Errors}
      FileClose $0
      ${Break}
    ${EndIf}
    IntOp $R8 $R8 - 1
    Sleep 500
  ${Loop}
  nsExec::Exec 'taskkill /F /IM ${EXE}'
  Pop $0
  Sleep 1000
  Call PutBack
  Exec '"$INSTDIR\${EXE}" --update-failed'
  SetErrorLevel ${TAKEN_BACK}
  Quit
FunctionEnd

; Out of the way under another name first: what is being deleted must never be put back.
Function DiscardOutgoing
  StrCpy $R7 ${PATIENCE}
  ${Do}
    ClearErrors
    Rename "${OUTGOING}" "${DISCARDED}"
    ${IfNot} ${Errors}
    ${OrIf} $R7 = 0
      ${Break}
    ${EndIf}
    IntOp $R7 $R7 - 1
    Sleep 500
  ${Loop}
  RMDir /r "${DISCARDED}"
  RMDir /r "${OUTGOING}"
FunctionEnd

Section "Program" SecProgram
  StrCpy $R9 0
  ${If} $IsUpdate = 1
    StrCpy $R9 ${CLOSING}
  ${EndIf}
  Call AskToClose
  SetDetailsPrint none
  Call PutBack
  ClearErrors
  ; Everything is unpacked beside the old program before anything of it is touched.
  SetOutPath "${INCOMING}"
  File /r "${SRC}\*.*"
  IfErrors broken
  SetOutPath "$INSTDIR"
  CreateDirectory "${OUTGOING}"
  ${MoveIfThere} "$INSTDIR\licences" "${OUTGOING}\licences"
  ${MoveIfThere} "$INSTDIR\sbom.cdx.json" "${OUTGOING}\sbom.cdx.json"
  ${MoveIfThere} "$INSTDIR\_internal" "${OUTGOING}\_internal"
  ${MoveIfThere} "$INSTDIR\${EXE}" "${OUTGOING}\${EXE}"
  ${Move} "${INCOMING}\_internal" "$INSTDIR\_internal"
  ${Move} "${INCOMING}\${EXE}" "$INSTDIR\${EXE}"
  ${Move} "${INCOMING}\licences" "$INSTDIR\licences"
  ${Move} "${INCOMING}\sbom.cdx.json" "$INSTDIR\sbom.cdx.json"
  RMDir /r "${INCOMING}"
  ${If} $IsUpdate = 1
    Call ProveOrGoBack
  ${EndIf}
  Call DiscardOutgoing
  Goto placed
  broken:
    MessageBox MB_ICONSTOP "$(Failed)" /SD IDOK
    SetDetailsPrint textonly
    Abort "$(Failed)"
  placed:

  SetOutPath "$INSTDIR\icons"
  File "${ICONS}\register.ico"
  File "${ICONS}\calendar.ico"
  File "${ICONS}\files.ico"
  SetOutPath "$INSTDIR"
  FileOpen $0 "$INSTDIR\appearance.txt" w
  FileWriteUTF16LE /BOM $0 "$ShownName$\n$ShownIcon$\n"
  FileClose $0
  WriteUninstaller "$INSTDIR\Uninstall.exe"
  ; Whoever installed in Kiswahili is greeted in it; a choice made in the program stays.
  ${If} $LANGUAGE = ${LANG_SWAHILI}
  ${AndIfNot} ${FileExists} "${DATA}\settings.toml"
    CreateDirectory "${DATA}"
    FileOpen $0 "${DATA}\settings.toml" w
    FileWrite $0 'language = "sw"$\r$\n'
    FileClose $0
  ${EndIf}

  ; Shortcuts under an earlier name go first.
  ReadRegStr $1 HKCU "${KEY}" "Name"
  !insertmacro REMOVE_SHORTCUTS
  CreateDirectory "$SMPROGRAMS\$ShownName"
  CreateShortcut "$SMPROGRAMS\$ShownName\$ShownName.lnk" "$INSTDIR\${EXE}" "" "$INSTDIR\icons\$ShownIcon.ico"
  CreateShortcut "$SMPROGRAMS\$ShownName\$(RemoveLink).lnk" "$INSTDIR\Uninstall.exe" "" "$INSTDIR\icons\$ShownIcon.ico"
  CreateShortcut "$DESKTOP\$ShownName.lnk" "$INSTDIR\${EXE}" "" "$INSTDIR\icons\$ShownIcon.ico"

  WriteRegStr HKCU "${KEY}" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "Name" "$ShownName"
  WriteRegStr HKCU "${KEY}" "Icon" "$ShownIcon"
  WriteRegStr HKCU "${KEY}" "Version" "${VERSION}"
  WriteRegStr HKCU "${UNKEY}" "DisplayName" "$ShownName"
  WriteRegStr HKCU "${UNKEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNKEY}" "DisplayIcon" "$INSTDIR\icons\$ShownIcon.ico"
  WriteRegStr HKCU "${UNKEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNKEY}" "UninstallString" '"$INSTDIR\Uninstall.exe"'
  WriteRegStr HKCU "${UNKEY}" "QuietUninstallString" '"$INSTDIR\Uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNKEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNKEY}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${UNKEY}" "EstimatedSize" "$0"
SectionEnd

; Says 1 when nothing was typed, or a word that destroys the records.
Function un.IsWord
  ${If} $EraseWord S== ""
  ${OrIf} $EraseWord S== "DELETE"
  ${OrIf} $EraseWord S== "FUTA"
    Push 1
  ${Else}
    Push 0
  ${EndIf}
FunctionEnd

Function un.onInit
  !insertmacro MUI_UNGETLANGUAGE
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/ERASE=" $EraseWord
  ${If} ${Errors}
    StrCpy $EraseWord ""
  ${EndIf}
  Call un.IsWord
  Pop $0
  ${If} ${Silent}
  ${AndIf} $0 = 0
    SetErrorLevel 2
    Quit
  ${EndIf}
FunctionEnd

Function un.RecordsPage
  !insertmacro MUI_HEADER_TEXT "$(KeptTitle)" ""
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateLabel} 0 0 100% 70u "$(KeptText)"
  Pop $0
  ${NSD_CreateText} 0 76u 40% 13u ""
  Pop $EraseField
  nsDialogs::Show
FunctionEnd

Function un.RecordsLeave
  ${NSD_GetText} $EraseField $EraseWord
  Call un.IsWord
  Pop $0
  ${If} $0 = 0
    MessageBox MB_ICONINFORMATION "$(NotTheWord)"
    Abort
  ${EndIf}
FunctionEnd

Section "Uninstall"
  StrCpy $R9 0
  Call un.AskToClose
  SetDetailsPrint none
  ReadRegStr $1 HKCU "${KEY}" "Name"
  RMDir /r "$INSTDIR\_internal"
  RMDir /r "$INSTDIR\licences"
  RMDir /r "$INSTDIR\icons"
  RMDir /r "${INCOMING}"
  RMDir /r "${OUTGOING}"
  RMDir /r "${DISCARDED}"
  Delete "$INSTDIR\${EXE}"
  Delete "$INSTDIR\sbom.cdx.json"
  Delete "$INSTDIR\appearance.txt"
  Delete "$INSTDIR\Uninstall.exe"
  RMDir "$INSTDIR"
  !insertmacro REMOVE_SHORTCUTS
  DeleteRegKey HKCU "${UNKEY}"
  DeleteRegKey HKCU "${KEY}"
  ; The records go only for the typed word.
  SetDetailsPrint textonly
  ${If} $EraseWord S== "DELETE"
  ${OrIf} $EraseWord S== "FUTA"
    SetDetailsPrint none
    RMDir /r "${DATA}"
    SetDetailsPrint textonly
    ${If} ${FileExists} "${DATA}\*.*"
      StrCpy $Outcome "$(NotErasedTitle)"
      MessageBox MB_ICONSTOP "$(NotErased)" /SD IDOK
      SetErrorLevel 2
    ${Else}
      StrCpy $Outcome "$(Erased)"
    ${EndIf}
  ${Else}
    StrCpy $Outcome "$(KeptTitle): ${DATA}"
  ${EndIf}
SectionEnd
