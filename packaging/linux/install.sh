#!/bin/sh
# Installs Daily Register for one account, without root and without internet; --help says how.
# With --update the new version must show its first window, or the one before it comes back.
# Nothing of an older version is touched before the new one lies complete beside it.
set -eu
umask 022
PAYLOAD_SUM=@SUM@
PAYLOAD_SIZE=@SIZE@
VERSION=@VERSION@
NAME="Daily Register"
ICON=register
INTO="$HOME/.local/lib/daily-register"
CHECK=no
UPDATE=no
# Seconds: for the program to close, and for the new version to show its first window.
CLOSING=20
STANDING=${DAILY_REGISTER_STANDING:-120}
SHARE="${XDG_DATA_HOME:-$HOME/.local/share}"
CONFIG="${XDG_CONFIG_HOME:-$HOME/.config}"
ENTRY="$SHARE/applications/org.daily_register.Register.desktop"
case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in sw*) SPOKEN=sw ;; *) SPOKEN=en ;; esac

# Every sentence is given in English and in Kiswahili; one of the two is said.
say() { if [ "$SPOKEN" = sw ]; then printf '%s\n' "$2"; else printf '%s\n' "$1"; fi; }
stop() {
    say "$1" "$2" >&2
    # Whoever asked for the update sees no terminal: the old program says that it stayed.
    if [ "$UPDATE" = yes ] && [ -x "$INTO/daily-register" ]; then
        "$INTO/daily-register" --update-failed >/dev/null 2>&1 </dev/null &
    fi
    exit 1
}
usage() {
    say "Installs Daily Register $VERSION for this account. Usage: sh ${0##*/} [SWITCHES]
  --name NAME          its name in the menu: letters, numbers and spaces
  --icon PICTURE       its picture: register, calendar or files
  --into FOLDER        where to put it; usually $INTO
  --language en|sw     what this installer and the new program speak
  --check              only look whether this file is complete and unharmed
Records are never touched." \
        "Huweka Daily Register $VERSION kwa ajili ya akaunti hii. Matumizi: sh ${0##*/} [CHAGUO]
  --name JINA          jina lake kwenye menyu: herufi, nambari na nafasi
  --icon PICHA         picha yake: register, calendar au files
  --into FOLDA         mahali pa kuiweka; kwa kawaida $INTO
  --language en|sw     lugha ya kuweka na ya programu mpya
  --check              angalia tu kama faili hili ni kamili na halijaharibika
Kumbukumbu haziguswi kamwe."
}
needed() { [ "$1" -gt 1 ] || stop "$2 needs a word after it; see --help." "$2 inahitaji neno baada yake; tazama --help."; }
CHOSEN=
while [ $# -gt 0 ]; do
    case "$1" in
        --name) needed $# "$1"; NAME=$2; shift ;;
        --icon) needed $# "$1"; ICON=$2; shift ;;
        --into) needed $# "$1"; INTO=$2; shift ;;
        --language) needed $# "$1"; CHOSEN=$2; shift ;;
        --check) CHECK=yes ;;
        --update) UPDATE=yes ;;
        --help|-h) usage; exit 0 ;;
        *) usage >&2; stop "There is no switch called $1." "Hakuna chaguo linaloitwa $1." ;;
    esac
    shift
done
case "$CHOSEN" in
    en|sw) SPOKEN=$CHOSEN ;;
    "") ;;
    *) stop "The languages are en and sw." "Lugha ni en na sw." ;;
esac
case "$ICON" in register|calendar|files) ;; *) stop "There is no picture called $ICON." "Hakuna picha inayoitwa $ICON." ;; esac
case "$NAME" in *[!A-Za-z0-9\ _-]*|""|" "*|*" ")
    stop "Please use letters, numbers and spaces in the name." "Tafadhali tumia herufi, nambari na nafasi kwenye jina." ;;
esac
case "$INTO" in /*) ;; *) INTO="$PWD/$INTO" ;; esac
while [ "$INTO" != "${INTO%/}" ]; do INTO=${INTO%/}; done
# These stand between quotation marks in the menu entry and in the script that removes the program.
case "$INTO" in ""|*[\"\'\`\$\\%]*|*"
"*) stop "The folder cannot have such a name: $INTO" "Folda haiwezi kuwa na jina kama hili: $INTO" ;; esac

# The payload follows this text: first whether all of it is there, then whether it is unharmed.
[ "$(tail -c "$PAYLOAD_SIZE" "$0" | sha256sum | cut -d' ' -f1)" = "$PAYLOAD_SUM" ] ||
    stop "This file is damaged or incomplete. Copy it anew. Nothing was changed." \
        "Faili hili limeharibika au si kamili. Linakili upya. Hakuna kilichobadilishwa."
[ "$CHECK" = no ] || { say "This file is complete and unharmed." "Faili hili ni kamili na halijaharibika."; exit 0; }
if [ "$(id -u)" = 0 ] && [ -n "${SUDO_USER:-}" ]; then
    stop "Please run this without sudo: it installs for one account." \
        "Tafadhali endesha hii bila sudo: huweka kwa ajili ya akaunti moja."
fi

is_open() {
    real=$(readlink -f "$INTO/daily-register" 2>/dev/null || true)
    [ -n "$real" ] || return 1
    own=$(id -u)
    for process in /proc/[0-9]*; do
        link=$(readlink "$process/exe" 2>/dev/null || true)
        [ "$link" != "$real" ] || return 0
        [ -z "$link" ] || continue
        # The open program hides this from its own account too; its name and owner can be read.
        name=$(tr '\0' '\n' 2>/dev/null < "$process/cmdline" | sed -n 1p)
        [ "${name##*/}" = daily-register ] || continue
        [ "$(sed -n 's/^Uid:\t\([0-9]*\).*/\1/p' "$process/status" 2>/dev/null)" != "$own" ] || return 0
    done
    return 1
}
if [ "$UPDATE" = yes ]; then
    # The look that was chosen at installation stays.
    if [ -f "$INTO/appearance.txt" ]; then
        { read -r NAME; read -r ICON; } < "$INTO/appearance.txt" || true
    fi
    while [ "$CLOSING" -gt 0 ] && is_open; do sleep 1; CLOSING=$((CLOSING - 1)); done
fi
if is_open; then
    stop "Daily Register is open. Please close it and install again." \
        "Daily Register imefunguliwa. Tafadhali ifunge kisha uweke tena."
fi

# A folder is only ever exchanged or cleared when a program of ours, or nothing, is in it.
ours() {
    [ -e "$1/_internal" ] || [ -x "$1/daily-register" ] || { [ -d "$1" ] && [ -z "$(ls -A "$1")" ]; }
}
for place in "$INTO" "$INTO.old" "$INTO.new"; do
    { [ ! -e "$place" ] && [ ! -L "$place" ]; } || ours "$place" ||
        stop "There is something else in $place. Choose an empty or a new folder. Nothing was changed." \
            "Kuna kitu kingine katika $place. Chagua folda tupu au mpya. Hakuna kilichobadilishwa."
done
if [ -e "$INTO/portable.txt" ]; then
    stop "This is the program on a stick. Make the stick anew from the settings of the program. Nothing was changed." \
        "Hii ni programu iliyo kwenye flashi. Itengeneze upya kutoka kwenye mipangilio ya programu. Hakuna kilichobadilishwa."
fi
unwritable() {
    stop "There is not enough room, or the folder cannot be written: $(dirname "$INTO"). Nothing was changed." \
        "Hakuna nafasi ya kutosha, au folda haiwezi kuandikwa: $(dirname "$INTO"). Hakuna kilichobadilishwa."
}
mkdir -p "$(dirname "$INTO")" 2>/dev/null || unwritable
# A run that was cut off between two renames left the old program under another name.
[ -e "$INTO" ] || [ ! -e "$INTO.old" ] || mv "$INTO.old" "$INTO"
rm -rf "$INTO.new" "$INTO.old"
trap 'rm -rf "$INTO.new"' EXIT
mkdir "$INTO.new" 2>/dev/null || unwritable
tail -c "$PAYLOAD_SIZE" "$0" | tar -xzf - -C "$INTO.new" 2>/dev/null || unwritable
"$INTO.new/daily-register" --help >/dev/null ||
    stop "The program does not start on this computer. Nothing was changed." \
        "Programu haifunguki kwenye kompyuta hii. Hakuna kilichobadilishwa."
printf '%s\n%s\n' "$NAME" "$ICON" > "$INTO.new/appearance.txt"
{
    printf '%s\n' '#!/bin/sh' '# Removes the program of this account; the records stay.' "INTO=\"$INTO\"" "SPOKEN=$SPOKEN"
    # The same words and the same look at the open program as here.
    sed -n -e '/^say() {/p' -e '/^is_open() {/,/^}/p' -e '/^exit 0$/q' "$0"
    cat <<END
if is_open; then
    say "Daily Register is open. Please close it first." "Daily Register imefunguliwa. Tafadhali ifunge kwanza." >&2
    exit 1
fi
rm -f "$ENTRY" "$HOME/.local/bin/daily-register"
rm -rf "$INTO"
say "The program was removed. The locked records were not touched. They are in
$SHARE/Register" "Programu imeondolewa. Kumbukumbu zilizofungwa hazikuguswa. Ziko katika
$SHARE/Register"
END
} > "$INTO.new/uninstall.sh"
chmod 755 "$INTO.new/uninstall.sh"
# All of it is on the disk before the first name changes: the power may go at any moment.
sync -f "$INTO.new" 2>/dev/null || sync
trap '' HUP INT TERM
if [ -e "$INTO" ]; then mv "$INTO" "$INTO.old"; fi
mv "$INTO.new" "$INTO" || { [ ! -e "$INTO.old" ] || mv "$INTO.old" "$INTO"; stop "Nothing was changed." "Hakuna kilichobadilishwa."; }
trap - HUP INT TERM
if [ "$UPDATE" = yes ]; then
    started="$(dirname "$0")/started"
    rm -f "$started"
    "$INTO/daily-register" --tell-started "$started" >/dev/null 2>&1 </dev/null &
    child=$!
    while [ "$STANDING" -gt 0 ] && [ ! -e "$started" ] && kill -0 "$child" 2>/dev/null; do
        sleep 1
        STANDING=$((STANDING - 1))
    done
    if [ ! -e "$started" ] && [ -e "$INTO.old" ]; then
        kill -9 "$child" 2>/dev/null || true
        rm -rf "$INTO"
        mv "$INTO.old" "$INTO"
        "$INTO/daily-register" --update-failed >/dev/null 2>&1 </dev/null &
        say "Version $VERSION did not start. The version before it is here again." \
            "Toleo $VERSION halikufunguka. Toleo la awali limerudishwa."
        rm -f "$0"
        exit 5
    fi
    rm -f "$started" "$0"
fi
rm -rf "$INTO.old"

mkdir -p "$SHARE/applications" "$HOME/.local/bin"
ln -sf "$INTO/daily-register" "$HOME/.local/bin/daily-register"
cat > "$ENTRY" <<END
[Desktop Entry]
Type=Application
Name=$NAME
Exec="$INTO/daily-register"
Icon=$INTO/_internal/resources/icons/$ICON.svg
Terminal=false
Categories=Office;Database;
StartupWMClass=daily-register
END
# Whoever installed in Kiswahili is greeted in it; a choice made in the program stays.
if [ "$SPOKEN" = sw ] && [ ! -e "$CONFIG/Register/settings.toml" ]; then
    mkdir -p -m 700 "$CONFIG/Register" && echo 'language = "sw"' > "$CONFIG/Register/settings.toml" || true
fi
say "$NAME $VERSION is installed in $INTO
You find it in the menu. To remove it: sh \"$INTO/uninstall.sh\"" \
    "$NAME $VERSION imewekwa katika $INTO
Utaipata kwenye menyu. Kuiondoa: sh \"$INTO/uninstall.sh\""
exit 0
