@echo off
rem Starts Loopscope (Windows). Needs Java 17 or later, from JAVA_HOME or the PATH.
rem   LOOPSCOPE_OPTS     more options for the Java machine; they win over the ones below, e.g. -Xmx12g
rem   LOOPSCOPE_PLUGINS  a second folder with jars of your own panels
setlocal
set "APP_HOME=%~dp0.."

if defined JAVA_HOME goto fromHome
set "JAVA=java.exe"
where java.exe >nul 2>nul
if not errorlevel 1 goto haveJava
echo loopscope: Java was not found; install Java 17 or later, or set JAVA_HOME. 1>&2
exit /b 2

:fromHome
set "JAVA=%JAVA_HOME%\bin\java.exe"
if exist "%JAVA%" goto haveJava
echo loopscope: JAVA_HOME is %JAVA_HOME%, but there is no bin\java.exe in it. 1>&2
exit /b 2

:haveJava
set "MAJOR=0"
for /f "tokens=3" %%v in ('""%JAVA%" -version 2>&1" ^| findstr /i " version "') do (
    for /f "tokens=1 delims=." %%m in ("%%~v") do set "MAJOR=%%m"
)
rem An early-access build says "26-ea".
for /f "tokens=1 delims=-" %%m in ("%MAJOR%") do set "MAJOR=%%m"
if "%MAJOR%"=="1" set "MAJOR=8"
if %MAJOR% GEQ 17 goto newEnough
echo loopscope: Java 17 or later is needed, but this is Java %MAJOR%. 1>&2
exit /b 2

:newEnough
set "FLAGS="
if %MAJOR% GEQ 24 set "FLAGS=--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
rem The fast products of single rows are on the Vector API; a Java without that module takes plain loops.
for %%j in ("%JAVA%") do set "JAVA_FOUND=%%~$PATH:j"
if not defined JAVA_FOUND set "JAVA_FOUND=%JAVA%"
for %%j in ("%JAVA_FOUND%") do set "JAVA_RELEASE=%%~dpj..\release"
findstr /c:"jdk.incubator.vector" "%JAVA_RELEASE%" >nul 2>nul
if not errorlevel 1 set "FLAGS=%FLAGS% --add-modules jdk.incubator.vector"

rem Jars of panels are not on the class path: the program loads them itself, and names the one that fails.
set "CP=%APP_HOME%\lib\*"

rem Weights and scratch of a run lie outside the Java heap: javacpp's two limits count them and are off here (0), since
rem the program itself tells before a run when it would not fit. The heap holds the captured states.
"%JAVA%" %FLAGS% -XX:MaxRAMPercentage=40 -Dorg.bytedeco.javacpp.maxbytes=0 -Dorg.bytedeco.javacpp.maxphysicalbytes=0 -Dloopscope.plugins="%APP_HOME%\plugins" %LOOPSCOPE_OPTS% -classpath "%CP%" org.loopscope.app.Launcher %*
exit /b %ERRORLEVEL%
