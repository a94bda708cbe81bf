[CmdletBinding()]
param(
    [Parameter(Mandatory = $true)]
    [string[]] $Name,
    [switch] $Restart
)

$ErrorActionPreference = 'Stop'

function Get-ServiceState {
    param([string] $Service)
    Get-Service -Name $Service | Select-Object -Property Name, Status
}

foreach ($service in $Name) {
    $state = Get-ServiceState -Service $service
    Write-Host "$($state.Name): $($state.Status)"
    if ($Restart -and $state.Status -ne 'Running') {
        Restart-Service -Name $service -Force
    }
}
