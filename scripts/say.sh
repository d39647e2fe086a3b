# Read by the other scripts: how they speak and stop.

say() {
    printf '\033[1m== %s\033[0m\n' "$*"
}

stop() {
    printf 'pantau: %s\n' "$*" >&2
    exit 1
}
