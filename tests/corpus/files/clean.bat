@echo off
setlocal enabledelayedexpansion
set TARGET=%1
if "%TARGET%"=="" (
    echo usage: clean.bat FOLDER
    exit /b 1
)
for /r "%TARGET%" %%F in (*.tmp *.bak) do (
    echo deleting %%F
    del /q "%%F"
)
if errorlevel 1 goto failed
echo done
goto :eof
:failed
echo something went wrong
exit /b %errorlevel%
