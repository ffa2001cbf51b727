#!/bin/sh
# Installs Daily Register for one account, without root and without internet. Usage:
#   sh FILE.run [--name NAME] [--icon register|calendar|files] [--into FOLDER] [--check] [--update]
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
ENTRY="$SHARE/applications/org.daily_register.Register.desktop"

say() { printf '%s\n' "$*"; }
stop() {
    printf '%s\n' "$*" >&2
    # Whoever asked for the update sees no terminal: the old program says that it stayed.
    if [ "$UPDATE" = yes ] && [ -x "$INTO/daily-register" ]; then
        "$INTO/daily-register" --update-failed >/dev/null 2>&1 </dev/null &
    fi
    exit 1
}
while [ $# -gt 0 ]; do
    case "$1" in
        --name) NAME=$2; shift ;;
        --icon) ICON=$2; shift ;;
        --into) INTO=$2; shift ;;
        --check) CHECK=yes ;;
        --update) UPDATE=yes ;;
        *) stop "usage: sh $0 [--name NAME] [--icon register|calendar|files] [--into FOLDER] [--check] [--update]" ;;
    esac
    shift
done
case "$ICON" in register|calendar|files) ;; *) stop "There is no picture called $ICON." ;; esac
case "$NAME" in *[!A-Za-z0-9\ _-]*|"") stop "Please use letters, numbers and spaces in the name." ;; esac

# The payload follows this text: first whether all of it is there, then whether it is unharmed.
[ "$(tail -c "$PAYLOAD_SIZE" "$0" | sha256sum | cut -d' ' -f1)" = "$PAYLOAD_SUM" ] ||
    stop "This file is damaged or incomplete. Copy it anew. Nothing was changed."
[ "$CHECK" = no ] || { say "This file is complete and unharmed."; exit 0; }

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
if is_open; then stop "Daily Register is open. Please close it and install again."; fi

mkdir -p "$(dirname "$INTO")"
# A run that was cut off between two renames left the old program under another name.
[ -e "$INTO" ] || [ ! -e "$INTO.old" ] || mv "$INTO.old" "$INTO"
rm -rf "$INTO.new" "$INTO.old"
trap 'rm -rf "$INTO.new"' EXIT
mkdir "$INTO.new"
tail -c "$PAYLOAD_SIZE" "$0" | tar -xzf - -C "$INTO.new" ||
    stop "There was not enough room, or the folder cannot be written. Nothing was changed."
"$INTO.new/daily-register" --help >/dev/null ||
    stop "The program does not start on this computer. Nothing was changed."
printf '%s\n%s\n' "$NAME" "$ICON" > "$INTO.new/appearance.txt"
cat > "$INTO.new/uninstall.sh" <<END
#!/bin/sh
# Removes the program of this account; the records stay.
rm -f "$ENTRY" "$HOME/.local/bin/daily-register"
rm -rf "$INTO"
echo "The program was removed. The locked records were not touched. They are in"
echo "$SHARE/Register"
END
chmod 755 "$INTO.new/uninstall.sh"
# All of it is on the disk before the first name changes: the power may go at any moment.
sync -f "$INTO.new" 2>/dev/null || sync
trap '' HUP INT TERM
if [ -e "$INTO" ]; then mv "$INTO" "$INTO.old"; fi
mv "$INTO.new" "$INTO" || { [ ! -e "$INTO.old" ] || mv "$INTO.old" "$INTO"; stop "Nothing was changed."; }
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
        say "Version $VERSION did not start. The version before it is here again."
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
say "$NAME $VERSION is installed in $INTO"
say "It stands in the menu. To remove it: sh \"$INTO/uninstall.sh\""
exit 0
